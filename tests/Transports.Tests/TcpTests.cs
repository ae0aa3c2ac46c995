using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Transports.Tests;

public sealed class TcpTests : RemoteTransportContract
{
    public override ITransport Create() => new Tcp(new TcpOptions());
}

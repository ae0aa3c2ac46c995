using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Transports.Tests;

public sealed class TcpTests : RemoteTransportContract
{
    public override ITransport Create() => new Tcp(new TcpOptions());
}

/// <summary>The same where no thread waits in Take, and one per host listens.</summary>
public sealed class TcpHeardTests : RemoteTransportContract
{
    public override ITransport Create() => new Tcp(new TcpOptions());

    protected override LinkTerms Terms => base.Terms with { ResultReady = _ => { } };
}

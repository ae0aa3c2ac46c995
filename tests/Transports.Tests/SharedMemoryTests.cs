using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Transports.Tests;

public sealed class SharedMemoryTests : RemoteTransportContract
{
    public override ITransport Create() => new SharedMemory(new SharedMemoryOptions());
}

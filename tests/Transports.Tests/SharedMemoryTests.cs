using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Transports.Tests;

public sealed class SharedMemoryTests : RemoteTransportContract
{
    public override ITransport Create() => new SharedMemory(new SharedMemoryOptions());
}

/// <summary>The same where no thread waits in Take, and one per host listens.</summary>
public sealed class SharedMemoryHeardTests : RemoteTransportContract
{
    public override ITransport Create() => new SharedMemory(new SharedMemoryOptions());

    protected override LinkTerms Terms => base.Terms with { Heard = _ => { } };
}

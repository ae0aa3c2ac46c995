using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Transports.Tests;

public sealed class InProcessTests : TransportContract
{
    public override ITransport Create() => new InProcess();

    [Fact]
    public void NoHostOfAnotherProcess_CanJoin()
    {
        var refusal = Assert.Throws<TransportException>(() => Create().Join(new JoinRequest("127.0.0.1:1", null, 1)));

        Assert.Contains("within one process", refusal.Message);
    }
}

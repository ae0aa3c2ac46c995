namespace Orchestrator.Transports.Tests;

public sealed class FuzzerTests
{
    [Fact]
    public void MalformedInput_EndsItsConnection_AndNothingElse()
    {
        var ends = Fuzzer.Run(0, 30_000);

        // Inputs reach every depth: some are so little wrong that they pass.
        Assert.True(ends.Accepted > 2_000, $"{ends.Accepted}");
        Assert.True(ends.Refused > 500, $"{ends.Refused}");
        Assert.True(ends.Malformed > 5_000, $"{ends.Malformed}");
        Assert.True(ends.Short > 2_000, $"{ends.Short}");
    }

    [Fact]
    public void MalformedInput_OverSockets_LeavesAGoodHostAlone() => Assert.Equal(100, SocketFuzzer.Run(100));
}

using System.Runtime.Versioning;

namespace Orchestrator.Host.Tests;

/// <summary>The soak's short form.</summary>
[SupportedOSPlatform("linux")]
public sealed class SoakTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("shared-memory", "worker-rule top-k", 2, 1)]
    [InlineData("tcp", "cancelled work with worker state", 2, 1)]
    [InlineData("in-process", "consistency buffered", 0, 1)]
    public void KilledHostsAndServers_LeaveTheDigestAsItIs(string transport, string name, int hosts, int servers)
    {
        var @case = SoakCase.All(program).Single(c => c.Name == name);
        var expected = program.RunJson(program.Pipeline(SoakCase.Pipeline), 0, @case.Arguments).GetProperty("digest").GetString();
        var run = new DisturbedRun(program, @case, transport, new Random(3));

        // On a busy machine a run may end before this process has its turn to kill anything.
        for (var attempt = 0; attempt < 10 && run.Hosts + run.Servers == 0; attempt++)
        {
            Assert.Equal(expected, run.Digest(hosts, servers));
        }

        Assert.True(run.Hosts + run.Servers > 0, "every run ended before anything was killed");
    }

    [Fact]
    public void EveryKindOfRule_IsInTheSoak() => Assert.All(
        (string[])["optimizer", "correction", "worker-rule", "consistency"],
        kind => Assert.Contains(SoakCase.All(program), c => c.Name.StartsWith(kind + " ", StringComparison.Ordinal)));
}

using System.Runtime.Versioning;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>The soak's short form.</summary>
[SupportedOSPlatform("linux")]
public sealed class SoakTests : IDisposable
{
    private const string Sweep = """{ "axes": { "optimizer.momentum": [0, 0.5], "workers.count": [2, 5] }, "seeds": 2 }""";

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void Four_sweepers_that_are_killed_and_stopped_make_the_table_of_an_undisturbed_one()
    {
        var file = program.Pipeline(Pipelines.Soak(Sweep));
        var expected = KilledSweep.Undisturbed(program, file, "undisturbed");
        using var killed = new KilledSweep(program, file, "killed", new Random(2));
        var result = killed.Run(mostKills: 4);

        Assert.True(killed.Kills + killed.Stops > 0, "the sweep ended before anything was killed");
        Assert.Equal((true, 8, 0), (result.IsComplete, result.Digests.Count, result.Different));
        Assert.Equal(expected.Table, result.Table);
        Assert.Equal(expected.Digests, result.Digests);
    }
}

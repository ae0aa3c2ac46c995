using Orchestrator.Statistics;

namespace Orchestrator.Statistics.Tests;

public sealed class CrossedSeedsTests
{
    [Fact]
    public void ASeed_CountsOnce_WithTheMeanOverItsLevels()
    {
        var once = CrossedSeeds.Once([Run(1, "compute=1", 80), Run(1, "compute=2", 82), Run(2, "compute=1", 84), Run(2, "compute=2", null)]);

        Assert.Equal([new(new(1), 81), new(new(2), null)], once);
    }

    [Fact]
    public void LevelsOfOneStream_WithOneSeed_AreIndependent()
    {
        SeedResult[] runs = [Run(1, "batches=3 compute=1", 80), Run(1, "batches=3 compute=2", 82)];

        Assert.Same(runs, CrossedSeeds.Once(runs));
        Assert.Empty(CrossedSeeds.StreamsOf([.. runs.Select(r => r.Key)]));
    }

    [Fact]
    public void StreamsThatAreCrossedWithOneAnother_WithOneSeed_AreOneResult()
    {
        SeedResult[] runs = [.. from init in Enumerable.Range(1, 6) from compute in Enumerable.Range(1, 6) select Run(1, $"compute={compute} init={init}", 80 + compute)];

        Assert.Equal(83.5, Assert.Single(CrossedSeeds.Once(runs)).Value!.Value, 1e-9);
        Assert.Equal(["compute", "init"], CrossedSeeds.StreamsOf([.. runs.Select(r => r.Key)]));
        Assert.Null(CellSummary.Of(CrossedSeeds.Once(runs)).Interval);
    }

    [Fact]
    public void ASeedThatLacksLevels_IsLeftOut() =>
        Assert.Equal(
            [new(new(1), 81), new(new(3), 83)],
            CrossedSeeds.Once([Run(1, "compute=1", 80), Run(1, "compute=2", 82), Run(2, "compute=1", 90), Run(3, "compute=1", 82), Run(3, "compute=2", 84)]));

    private static SeedResult Run(long seed, string streams, double? value) => new(new(seed, streams), value);
}

using MathNet.Numerics.Distributions;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Statistics.Tests;

public sealed class PairingLevelsTests
{
    [Fact]
    public void TheGainOfEachLevel_IsWhatWasPlanted()
    {
        // A = seed + timing + own, B the same with the same seed and timing: variances 1, 0.5 and
        // 0.09 (twice in a difference).
        const int Experiments = 60;
        var variances = new double[4];
        for (var i = 0; i < Experiments; i++)
        {
            var (a, b) = Crossed(Simulated.Stream("pairing", i), 6, 6);
            foreach (var (index, level) in PairingLevels.Of(a, b, 0.5).Index())
            {
                variances[index] += level.StandardDeviation * level.StandardDeviation / Experiments;
            }
        }

        Assert.InRange(variances[0], 2.5, 3.9);
        Assert.InRange(variances[1], 1.6, 2.8);
        Assert.InRange(variances[2], 0.9, 1.5);
        Assert.InRange(variances[3], 0.16, 0.2);
    }

    [Fact]
    public void FewerSeedsAreNeeded_TheMoreIsInCommon()
    {
        var (a, b) = Crossed(Simulated.Stream("pairing-order"), 12, 12);
        var levels = PairingLevels.Of(a, b, 0.5);

        Assert.Equal([PairingKind.Nothing, PairingKind.Streams, PairingKind.Seed, PairingKind.Everything], levels.Select(l => l.Level));
        Assert.Equal(levels.OrderByDescending(l => l.Seeds), levels);
        Assert.Contains(
            "the seed, not the crossed streams", new PairingTable("a", "b", levels, 0.5, 1, TableMetric.TestAccuracy).ToText(100), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutACrossing_NothingIsSaid()
    {
        var (a, b) = Crossed(Simulated.Stream("pairing-none"), 6, 1);

        Assert.Empty(PairingLevels.Of(a, b, 0.5));
        Assert.Empty(PairingLevels.Of([], [], 0.5));
    }

    private static (SeedResult[] A, SeedResult[] B) Crossed(Random random, int seeds, int timings)
    {
        double[] ofSeed = [.. Enumerable.Range(0, seeds).Select(_ => Normal.Sample(random, 88, 1))];
        double[] ofTiming = [.. Enumerable.Range(0, timings).Select(_ => Normal.Sample(random, 0, Math.Sqrt(0.5)))];
        var keys = (from s in Enumerable.Range(0, seeds) from t in Enumerable.Range(0, timings) select (s, t)).ToList();
        SeedResult[] Variant() =>
            [.. keys.Select(k => new SeedResult(new(k.s, $"compute={k.t}"), ofSeed[k.s] + ofTiming[k.t] + Normal.Sample(random, 0, 0.3)))];
        return (Variant(), Variant());
    }
}

using System.Text.Json;

namespace Orchestrator.Statistics.Tests;

public sealed class RankTests
{
    [Fact]
    public void Ranks_AgreeWithTheReference() => Assert.All(Reference.Cases("friedman"), expected =>
    {
        double[][] table = [.. expected.GetProperty("table").EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        var ranks = RankSummary.Of(table);

        Assert.Equal(expected.Numbers("meanRanks").Length, ranks.MeanRanks.Count);
        Assert.All(expected.Numbers("meanRanks").Zip(ranks.MeanRanks), pair => Reference.Near(pair.First, pair.Second));
        Reference.Near(expected.Number("chi2"), ranks.ChiSquared);
        Reference.Near(expected.Number("p"), ranks.P);
        Reference.Near(expected.Number("nemenyiCD"), ranks.CriticalDifference);
    });

    [Fact]
    public void StudentizedRange_AgreesWithTheReference() => Assert.All(
        Reference.Cases("studentizedRange"),
        expected => Reference.Near(expected.Number("q95"), Distributions.StudentizedRange.Upper(0.05, (int)expected.Number("k"))));

    [Fact]
    public void Holm_StepsDown_AndKeepsTheOrderGiven()
    {
        // By hand: 4 x 0.001, 3 x 0.02, 2 x 0.04, 1 x 0.3.
        Assert.Equal([0.06, 0.004, 0.3, 0.08], Holm.Adjust([0.02, 0.001, 0.3, 0.04]).Select(p => Math.Round(p, 12)));
        Assert.Equal([1, 1, 0.8], Holm.Adjust([0.9, 0.5, 0.8 / 3]).Select(p => Math.Round(p, 12)));
    }

    [Fact]
    public void AVariantThatNeverConverged_RanksLast_WhicheverDirection()
    {
        Assert.Equal([1, 2, 3], RankSummary.Of([[90, 80, double.NaN], [90, 80, double.NaN]]).MeanRanks);
        Assert.Equal([2, 1, 3], RankSummary.Of([[90, 80, double.NaN], [90, 80, double.NaN]], higherIsBetter: false).MeanRanks);
    }

    [Fact]
    public void AProfile_IsTheShareOfRunsThatReach()
    {
        SeedResult[] easy = [SeedResult.Of(1, 90), SeedResult.Of(2, 80)];
        SeedResult[] hard = [SeedResult.Of(1, 70), SeedResult.NoConvergence(2)];

        Assert.Equal([0.75, 0.5, 0.25, 0], PerformanceProfile.At([easy, hard], [60, 75, 85, 95]));
    }
}

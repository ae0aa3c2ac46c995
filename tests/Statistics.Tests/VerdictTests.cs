namespace Orchestrator.Statistics.Tests;

public sealed class VerdictTests
{
    private static readonly double[] Base = [88.1, 87.4, 88.9, 88.3, 87.8, 88.6, 88.2, 87.9, 88.4, 88.0];

    [Fact]
    public void ALargeDifference_IsBetter()
    {
        var comparison = Compare(Shifted(2.0, 0.3));

        Assert.Equal(Verdict.ABetter, comparison.Verdict);
        Assert.Null(comparison.SeedsNeeded);
    }

    [Fact]
    public void WhereLessIsBetter_TheSmallerOneIs() =>
        Assert.Equal(Verdict.BBetter, Compare(Shifted(2.0, 0.3), new() { HigherIsBetter = false }).Verdict);

    [Fact]
    public void ADifferenceBelowDelta_IsBetterByLess() => Assert.Equal(Verdict.ABetterByLess, Compare(Shifted(0.3, 0.05)).Verdict);

    [Fact]
    public void ASmallSpreadAroundZero_IsEquivalent() => Assert.Equal(Verdict.Equivalent, Compare(Shifted(0, 0.2)).Verdict);

    [Fact]
    public void EqualRuns_AreEquivalent() => Assert.Equal(Verdict.Equivalent, Compare(Shifted(0, 0)).Verdict);

    [Fact]
    public void AWideSpread_IsNotDistinguishable_AndNamesTheSeedsThatWouldTell()
    {
        var comparison = Compare(Shifted(0.2, 2));

        Assert.Equal(Verdict.NotDistinguishable, comparison.Verdict);
        Assert.InRange(comparison.SeedsNeeded!.Value, 30, 300);
    }

    [Fact]
    public void FiveSeeds_CanNeverReachFivePercent()
    {
        var comparison = Compare([.. Shifted(5, 0.01).Take(5)]);

        Assert.Equal(0.0625, comparison.SmallestP);
        Assert.Equal(0.0625, comparison.P);
        Assert.Equal(Verdict.NotDistinguishable, comparison.Verdict);
        Assert.Equal(6, comparison.SeedsNeeded);
    }

    [Fact]
    public void BelowFiveSeeds_ThereIsNoVerdict() => Assert.Equal(Verdict.TooFewSeeds, Compare([.. Shifted(5, 0.01).Take(4)]).Verdict);

    [Fact]
    public void WhoConvergesLessOften_IsNotBetter()
    {
        // A converged on ten seeds, far better there; B converged on six more.
        SeedResult[] a = [.. Shifted(5, 0.1), .. Enumerable.Range(11, 6).Select(s => SeedResult.NoConvergence(s))];
        SeedResult[] b = [.. PairedTests.Runs(Base), .. Enumerable.Range(11, 6).Select(s => SeedResult.Of(s, 88))];
        var comparison = ComparisonFamily.Of([new("a", "b", "", a, b)]).Comparisons[0];

        Assert.True(comparison.AdjustedP <= 0.05);
        Assert.Equal(1.0 / 32, comparison.ConvergenceP, 1e-12);
        Assert.Equal(Verdict.NotDistinguishable, comparison.Verdict);
        Assert.True(comparison.IsVetoed);
        Assert.Null(comparison.SeedsNeeded);
        Assert.Equal("not distinguishable: a is better where both converge, b converges more often", Statistics.Tables.ComparisonWords.Of(comparison, new()));
    }

    [Theory]
    [InlineData(0.0004, "< 0.001")]
    [InlineData(0.0499, "0.050")]
    [InlineData(0.05, "0.050")]
    [InlineData(0.0503, "0.0503")]
    [InlineData(0.050001, "> 0.05")]
    [InlineData(0.0506, "0.051")]
    public void AP_AboveTheLevel_IsNotShownAsTheLevel(double p, string text) => Assert.Equal(text, Statistics.Tables.Numbers.P(p));

    [Fact]
    public void TheFamily_SharesTheFivePercent()
    {
        var pairing = new Pairing("a", "b", "", [.. Shifted(2, 0.3).Take(7)], PairedTests.Runs(Base));
        var noise = new Pairing("a", "b", "", Shifted(0.1, 1), PairedTests.Runs(Base));

        Assert.Equal(Verdict.ABetter, ComparisonFamily.Of([pairing]).Comparisons[0].Verdict);
        var family = ComparisonFamily.Of([pairing, noise, noise, noise]);
        Assert.Equal(4.0 / 64, family.Comparisons[0].AdjustedP, 1e-12);
        Assert.Equal(Verdict.NotDistinguishable, family.Comparisons[0].Verdict);
    }

    [Fact]
    public void TheSeedsThatWouldTell_AreEnough_AndNoFewerAre()
    {
        // Read against the rule itself, on fresh samples: differences of delta with the standard
        // deviation that the forecast was given.
        foreach (var (sd, family) in new[] { (0.35, 1), (0.5, 1), (0.6, 3), (0.9, 1) })
        {
            var n = new SeedsNeeded(family).For(0.5, sd)!.Value;

            Assert.InRange(Power(n, sd, family), 0.77, 1);
            Assert.True(n == new SeedsNeeded(family).Fewest || Power(n - 1, sd, family) < 0.82, $"{n - 1} seeds would do for sd {sd}.");
        }
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 7)]
    [InlineData(3, 7)]
    [InlineData(10, 9)]
    [InlineData(100, 12)]
    public void TheFewestSeeds_AreThoseWhoseSmallestPFits(int family, int fewest)
    {
        Assert.Equal(fewest, new SeedsNeeded(family).Fewest);
        Assert.Equal(fewest, new SeedsNeeded(family).For(50, 0.01));
    }

    [Fact]
    public void SeedsNeeded_GrowAsTheSpreadDoes()
    {
        var needed = new SeedsNeeded(1);
        int?[] seeds = [.. new[] { 0.05, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 3, 10 }.Select(sd => needed.For(0.5, sd))];

        Assert.Equal(seeds.Order(), seeds);
        Assert.Equal(3142, seeds[^1]!.Value, 10.0);
        Assert.Null(needed.For(0.5, 1e4));
    }

    private static double Power(int n, double sd, int family)
    {
        const int Tables = 3000;
        var random = Simulated.Stream("power", n);
        var found = 0;
        for (var i = 0; i < Tables; i++)
        {
            var (a, b) = Simulated.Pair(random, n, 0.5, sd);
            var differences = PairedResults.Of(a, b).Differences;
            var moments = Moments.Of(differences);
            found += moments.Mean > 0 && SignFlip.P(differences) <= 0.05 / family && !moments.TInterval()!.Value.Contains(0) ? 1 : 0;
        }

        return (double)found / Tables;
    }

    private static PairedComparison Compare(SeedResult[] a, ComparisonTerms? terms = null) =>
        ComparisonFamily.Of([new("a", "b", "", a, PairedTests.Runs(Base))], terms).Comparisons[0];

    // Differences with exactly this mean and, nearly, this standard deviation.
    private static SeedResult[] Shifted(double mean, double sd) =>
        PairedTests.Runs(Base.Select((v, i) => v + mean + (sd * (((i * 7) % 10) - 4.5) / 3.03)));
}

namespace Orchestrator.Statistics.Tests;

public sealed class SequentialTests
{
    private static readonly SeedKey[] Seeds = [.. Enumerable.Range(1, 40).Select(s => new SeedKey(s))];

    [Fact]
    public void TheConfidenceSequence_HoldsExactlyTheMeansThatAreNotRejected()
    {
        var moments = Moments.Of([0.3, 0.5, 0.1, 0.9, 0.4, 0.2, 0.7]);
        var interval = EValue.ConfidenceSequence(moments, 20);

        Assert.Equal(20, Against(interval.Low), 1e-6);
        Assert.Equal(20, Against(interval.High), 1e-6);
        Assert.True(Against(interval.Low + 1e-6) < 20);

        double Against(double mean) => EValue.OfT(moments with { Mean = moments.Mean - mean });
    }

    [Fact]
    public void TooLittleEvidence_BoundsNothing() => Assert.Equal(Interval.Everything, EValue.ConfidenceSequence(Moments.Of([0.3, 0.31, 0.32]), 20));

    [Fact]
    public void EqualDifferences_ReachTheLargestEValue()
    {
        Assert.Equal(36, EValue.OfT(Moments.Of([0.5, 0.5, 0.5, 0.5, 0.5])), 1e-9);
        Assert.Equal(1 / Math.Sqrt(6), EValue.OfT(Moments.Of([0, 0, 0, 0, 0])), 1e-12);
    }

    [Fact]
    public void ALargeDifference_IsDecidedAtTheFirstLook_ThatShowsIt()
    {
        var (a, b) = Simulated.Pair(Simulated.Stream("large"), 40, 3, 0.5);
        var comparison = SequentialComparison.Of(a, b, new());

        Assert.Equal(Verdict.ABetter, comparison.Verdict);
        Assert.False(comparison.IsOpen);
        Assert.InRange(comparison.Seeds, 5, 8);
        Assert.True(SequentialComparison.Of(a.Take(comparison.Seeds - 1), b, new()).IsOpen);
    }

    [Fact]
    public void AVerdict_StaysWhenMoreSeedsCome()
    {
        var (a, b) = Simulated.Pair(Simulated.Stream("stays"), 8, 3, 0.5);
        SeedResult[] contrary = [.. Enumerable.Range(9, 30).Select(s => SeedResult.Of(s, 50))];

        Assert.Equal(
            SequentialComparison.Of(a, b, new()), SequentialComparison.Of([.. a, .. contrary], [.. b, .. contrary.Select(c => c with { Value = 90 })], new()));
    }

    [Fact]
    public void NoDifference_EndsInEquivalence_WhereTheSpreadAllowsIt()
    {
        var (a, b) = Simulated.Pair(Simulated.Stream("none"), 40, 0, 0.4);

        Assert.Equal(Verdict.Equivalent, SequentialComparison.Of(a, b, new()).Verdict);
    }

    [Fact]
    public void AtTheLargestNumber_WhatIsOpenStaysOpen_AndNoMoreIsAsked()
    {
        var (a, b) = Simulated.Pair(Simulated.Stream("wide"), 40, 0, 5);
        var comparison = SequentialComparison.Of(a, b, new());

        Assert.Equal((Verdict.NotDistinguishable, false, 40), (comparison.Verdict, comparison.IsOpen, comparison.Seeds));
    }

    [Fact]
    public void SeedsWithoutConvergence_Count_AndDecideByThemselves()
    {
        SeedResult[] a = [.. Enumerable.Range(1, 20).Select(s => SeedResult.Of(s, 88))];
        SeedResult[] b = [.. Enumerable.Range(1, 20).Select(s => SeedResult.NoConvergence(s))];
        var comparison = SequentialComparison.Of(a, b, new());

        // 2^n / (n + 1) first reaches 20 at n = 8: 256 / 9.
        Assert.Equal((8, true, false), (comparison.Seeds, comparison.ConvergenceDecided, comparison.IsOpen));
        Assert.Equal(256.0 / 9, comparison.ConvergenceE, 1e-9);
        Assert.Equal(0, comparison.Difference.N);
    }

    [Fact]
    public void SkewedDifferences_AreMarked()
    {
        var values = Enumerable.Range(1, 30).Select(s => SeedResult.Of(s, Math.Exp(((s * 37 % 30) - 14) / 5.0)));
        var comparison = SequentialComparison.Of(values, Seeds.Select(s => new SeedResult(s, 0)), new() { Delta = 0.001, SmallestN = 30 });

        Assert.True(comparison.IsSkewed);
    }

    [Fact]
    public void OnlyOpenCells_GetMoreSeeds()
    {
        var random = Simulated.Stream("family");
        var (large, old) = Simulated.Pair(random, 8, 4, 0.5);
        SeedResult[] unclear = [.. old.Select((r, i) => r with { Value = r.Value + (i % 2 == 0 ? 2 : -2) })];
        PlannedComparison[] plan = [new(1, 0, "large", "old", ""), new(2, 0, "unclear", "old", "")];

        var family = SequentialFamily.Of(plan, Seeds, [old, large, unclear], new() { Family = 2 });

        Assert.False(family.IsDecided);
        Assert.False(family.Comparisons[0].IsOpen);
        Assert.Equal([9, family.Comparisons[0].Seeds, 9], family.SeedsWanted);
    }

    [Fact]
    public void TheOrderInWhichRunsEnd_DecidesNothing()
    {
        var (a, b) = Simulated.Pair(Simulated.Stream("order"), 12, 0.6, 0.6);
        PlannedComparison[] plan = [new(0, 1, "a", "b", "")];
        var whole = SequentialFamily.Of(plan, Seeds, [a, b], new());
        var shuffled = SequentialFamily.Of(plan, Seeds, [[.. a.Reverse()], [.. b.OrderBy(r => r.Key.Seed % 5)]], new());

        Assert.Equal(whole.SeedsWanted, shuffled.SeedsWanted);
        Assert.Equal(whole.Comparisons, shuffled.Comparisons);

        // A seed that is missing hides those behind it.
        var gap = SequentialFamily.Of(plan, Seeds, [[.. a.Where(r => r.Key.Seed != 4)], b], new());
        Assert.Equal((3, 5), (gap.Comparisons[0].Seeds, gap.SeedsWanted[0]));
    }

    [Fact]
    public void ThePlan_ComparesWithinEveryEnvironment()
    {
        string[] axes = ["workers.count", "rule"];
        string[][] cells = [["2", "plain"], ["2", "ga"], ["2", "sa"], ["5", "plain"], ["5", "ga"]];

        var all = PlannedComparison.Plan(axes, cells, "rule");
        var baseline = PlannedComparison.Plan(axes, cells, "rule", "plain");

        Assert.Equal(["ga-plain", "sa-plain", "sa-ga", "ga-plain"], all.Select(c => $"{c.NameA}-{c.NameB}"));
        Assert.Equal([(1, 0, "workers.count = 2"), (2, 0, "workers.count = 2"), (4, 3, "workers.count = 5")], baseline.Select(c => (c.A, c.B, c.Environment)));
        Assert.Contains(
            "no value nag", Assert.Throws<ArgumentException>(() => PlannedComparison.Plan(axes, cells, "rule", "nag")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no axis rules", Assert.Throws<ArgumentException>(() => PlannedComparison.Plan(axes, cells, "rules")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AForecast_IsWhatHappens()
    {
        var terms = new SequentialTerms { LargestN = 30 };
        var forecast = SequentialForecast.Of(0.5, 0.5, terms);
        SequentialComparison[] ended = [.. Enumerable.Range(0, 400).Select(i =>
        {
            var (a, b) = Simulated.Pair(Simulated.Stream("forecast", i), 30, 0.5, 0.5);
            return SequentialComparison.Of(a, b, terms);
        })];

        Assert.Equal(1, forecast.Better + forecast.Equivalent + forecast.Open, 1e-9);
        Assert.InRange(ended.Average(e => e.Seeds), forecast.MeanSeeds - 1, forecast.MeanSeeds + 1);
        Assert.InRange(ended.Count(e => e.Seeds <= forecast.Seeds80) / 400.0, 0.73, 0.88);
    }
}

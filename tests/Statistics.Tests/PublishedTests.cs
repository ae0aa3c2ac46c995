using Orchestrator.Statistics.Tables;

namespace Orchestrator.Statistics.Tests;

public sealed class PublishedTests
{
    private static readonly CellSummary Measured = CellSummary.Of([88.4, 89.2, 88.7, 88.9, 88.8]);

    [Fact]
    public void AValueFarAway_Differs() => Assert.Equal(PublishedVerdict.Differs, Compare(new(69.5), 2).Verdict);

    [Fact]
    public void AValueNearby_Agrees_WhereTheToleranceCanBeSeen()
    {
        Assert.Equal(PublishedVerdict.Agrees, Compare(new(88.6), 2).Verdict);
        Assert.Equal(PublishedVerdict.NotDecidable, Compare(new(88.6), 0.5).Verdict);
    }

    [Fact]
    public void ASinglePublishedRun_IsJudgedByThePredictionInterval()
    {
        // By hand: sd sqrt(1/5 + 1), t(4) = 2.7764.
        var comparison = Compare(new(88), 2);
        var half = 2.7764451051977987 * Measured.StandardDeviation!.Value * Math.Sqrt(1.2);

        Assert.Equal(0.8, comparison.Difference!.Value, 1e-9);
        Assert.Equal(half, comparison.Interval!.Value.HalfWidth, 1e-9);
    }

    [Fact]
    public void ASpreadThatThePaperGives_IsUsed_ByWelch()
    {
        // Against scipy 1.10, ttest_ind_from_stats(88.8, sd, 5, 88, 0.4, 3, equal_var=False).
        var comparison = Compare(new(88, 3, 0.4), 2);

        Assert.Equal(0.050159987769966344, comparison.P, 1e-9);
    }

    [Fact]
    public void PublishedRunsNeeded_AreTheFirstThatCouldShowAgreement()
    {
        var needed = Compare(new(88.8), 0.5).PublishedRunsNeeded!.Value;

        Assert.True(CanAgree(needed));
        Assert.False(CanAgree(needed - 1));

        static bool CanAgree(int n) => Compare(new(88.8, n), 0.5).Verdict == PublishedVerdict.Agrees;
    }

    [Fact]
    public void APublishedRunWithoutConvergence_IsComparedByFishersTest()
    {
        Assert.Equal(1.0 / 6, Compare(new(null), 2).P, 1e-12);
        Assert.Equal(PublishedVerdict.NotDecidable, Compare(new(null), 2).Verdict);
        Assert.Equal(PublishedVerdict.Differs, Compare(new(null, 5), 2).Verdict);
    }

    [Fact]
    public void WhereFewerConvergeThanPublished_TheMeanOfTheOthersDoesNotAgree()
    {
        double[] near = [88.5, 88.6, 88.7, 88.6, 88.6];

        Assert.Equal(PublishedVerdict.Agrees, PublishedComparison.Of([(new(88.6, 5), CellSummary.Of(near))], 2)[0].Verdict);
        Assert.Equal(PublishedVerdict.NotDecidable, PublishedComparison.Of([(new(88.6, 5), CellSummary.Of(near, 15))], 2)[0].Verdict);
    }

    [Fact]
    public void WhereTheyAgree_NoMoreRunsAreNeeded() =>
        Assert.Null(PublishedComparison.Of([(new(88.6, 5, 0.0005), CellSummary.Of([88.58, 88.6, 88.62, 88.6, 88.6]))], 0.05)[0].PublishedRunsNeeded);

    [Fact]
    public void BelowFiveSeeds_NothingIsSaid() =>
        Assert.Equal(PublishedVerdict.TooFewSeeds, PublishedComparison.Of([(new(10), CellSummary.Of([88, 88.5, 89, 88.2]))], 2)[0].Verdict);

    [Fact]
    public void AnAccuracyThatNoRunComesTo_IsComparedByFishersTest()
    {
        var never = CellSummary.Of([], 20);

        Assert.Equal(1.0 / 21, PublishedComparison.Of([(new(88), never)], 2)[0].P, 1e-12);
        Assert.Equal(PublishedVerdict.Differs, PublishedComparison.Of([(new(88), never)], 2)[0].Verdict);
        Assert.Equal(PublishedVerdict.TooFewSeeds, PublishedComparison.Of([(new(88, 1, null, 1), never)], 2)[0].Verdict);
    }

    [Fact]
    public void TheTable_ShowsPublishedMeasuredDifferenceAndVerdict()
    {
        var comparisons = PublishedComparison.Of([(new(88.6), Measured), (new(69.5), Measured)], 2);
        var table = new CellTable
        {
            Axes = ["workers.count"],
            Metric = TableMetric.TestAccuracy,
            Within = 2,
            Rows = [new(["1"], Measured, 0, comparisons[0]), new(["5"], Measured, 0, comparisons[1])],
        };
        var text = table.ToText(120);

        Assert.Matches(@"(?m)^5 .* 88\.80 .* 69\.50 +\+19\.30  differs$", text);
        Assert.Contains("1 agree (the 90 % interval", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains(",69.5,1,0,19.3", table.ToCsv(), StringComparison.Ordinal);
    }

    private static PublishedComparison Compare(PublishedValue published, double within) => PublishedComparison.Of([(published, Measured)], within)[0];
}

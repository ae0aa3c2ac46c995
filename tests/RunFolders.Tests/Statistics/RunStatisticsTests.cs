using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class RunStatisticsTests
{
    [Fact]
    public void Cancelled_CountsNeitherInStalenessNorInGapNorInLoss()
    {
        var statistics = new RunStatistics();
        statistics.Add(Samples.Push(3) with { Decision = PushDecision.Cancelled, GapRms = double.NaN, Loss = double.NaN });
        Assert.Equal((0L, 0L, 0L, 1L), (statistics.Staleness.Count, statistics.Gap.Count, statistics.Samples, statistics.Count(PushDecision.Cancelled)));
        Assert.False(statistics.HasNonFiniteLoss);
    }

    [Theory]
    [InlineData(PushDecision.Applied, 8, 32, true)]
    [InlineData(PushDecision.Buffered, 7, 32, true)]
    [InlineData(PushDecision.Dropped, 7, 0, false)]
    public void Decision_TellsUpdatesSamplesAndWhetherItsLossCounts(PushDecision decision, long updates, long samples, bool lossCounts)
    {
        var statistics = new RunStatistics();
        statistics.Add(Samples.Push(7) with { Decision = decision, Loss = double.PositiveInfinity });
        Assert.Equal((updates, samples, lossCounts), (statistics.Updates, statistics.Samples, statistics.HasNonFiniteLoss));
        Assert.Equal(1, statistics.Staleness.Count);
    }

    [Theory]
    [InlineData(10.9, 0.5, 0.3, 10, true)]
    [InlineData(11.1, 0.5, 0.3, 10, false)]
    [InlineData(50, 1.0, 0.3, 10, true)]
    [InlineData(50, 0.5, double.NaN, 10, true)]
    [InlineData(double.NaN, double.NaN, 0.3, 0, false)]
    [InlineData(double.NaN, double.NaN, double.PositiveInfinity, 0, true)]
    public void IsWithoutConvergence_FollowsTheDefinition(double accuracy, double share, double loss, int classes, bool expected)
    {
        var statistics = new RunStatistics();
        statistics.Add(Samples.Evaluation(1) with { Epoch = 1, TestAccuracy = accuracy, LargestPredictedShare = share, TestLoss = loss });
        Assert.Equal(expected, statistics.IsWithoutConvergence(classes));
    }

    [Fact]
    public void IsWithoutConvergence_IsNoVerdictBeforeAnEpoch()
    {
        var statistics = new RunStatistics();
        statistics.Add(Samples.Evaluation(1) with { Epoch = 0.99, TestAccuracy = 10, LargestPredictedShare = 1 });
        Assert.False(statistics.IsWithoutConvergence(10));
    }

    [Fact]
    public void TheWay_IsFirstLossWorstLossAndLargestFall()
    {
        var statistics = new RunStatistics();
        foreach (var (loss, accuracy) in new[] { (2.3, 10.0), (2.6, 30), (0.5, 85), (0.9, 70) })
        {
            statistics.Add(Samples.Evaluation(1) with { TestLoss = loss, TestAccuracy = accuracy });
        }

        Assert.Equal((2.3, 2.6, 15), (statistics.FirstEvaluation!.Value.TestLoss, statistics.WorstLoss, statistics.LargestFall));
    }

    [Fact]
    public void LastEvaluation_IsThatOfTheHighestVersion()
    {
        var statistics = new RunStatistics();
        statistics.Add(Samples.Evaluation(2));
        statistics.Add(Samples.Evaluation(1));
        Assert.Equal(Samples.Evaluation(2), statistics.LastEvaluation);
    }

    [Fact]
    public void Gap_HasMeanAndMaximum()
    {
        var gap = new GapStatistics();
        Assert.True(double.IsNaN(gap.Mean) && double.IsNaN(gap.Maximum));
        gap.Add(0.25);
        gap.Add(0.75);
        Assert.Equal((0.5, 0.75), (gap.Mean, gap.Maximum));
        gap.Add(double.NaN);
        Assert.True(double.IsNaN(gap.Mean) && double.IsNaN(gap.Maximum));
    }
}

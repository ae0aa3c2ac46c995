namespace Orchestrator.Statistics.Tests;

public class ClassScoresTests
{
    [Fact]
    public void Scores_AreThoseOfAMatrixByHand_AndClassesWithoutSamplesHaveNone()
    {
        var scores = ClassScores.Of([[3, 1, 0], [2, 2, 0], [0, 0, 0]]);

        Assert.Equal([4L, 4, 0], scores.Samples);
        Assert.Equal([0.75, 0.5, double.NaN], scores.Recall);
        Assert.Equal([3 / 5.0, 2 / 3.0, double.NaN], scores.Precision);
        Assert.Equal([6 / 9.0, 4 / 7.0, double.NaN], scores.F1);
        Assert.Equal(0.625, scores.BalancedAccuracy);
        Assert.Equal(((6 / 9.0) + (4 / 7.0)) / 2, scores.MacroF1, 1e-15);
    }

    [Fact]
    public void AClassThatNothingIsTakenFor_HasARecallOf0_AndNoPrecision()
    {
        var scores = ClassScores.Of([[2, 0], [5, 0]]);

        Assert.Equal([1, 0.0], scores.Recall);
        Assert.Equal([2 / 7.0, double.NaN], scores.Precision);
        Assert.Equal([4 / 9.0, 0], scores.F1);
    }
}

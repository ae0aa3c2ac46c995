namespace Orchestrator.Engine.Tests;

/// <summary>Parameters are kept at marks, and that changes no bit of the run.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void Snapshots_AreTakenAtMarks_AndChangeNothing()
    {
        Experiment Fresh() => SmallProblem.Experiment(3, e => e with { Stop = new StopRule(Updates: 40) });
        var (plain, log) = SmallProblem.Run(Fresh());
        var kept = new Kept();

        var (outcome, same) = SmallProblem.Run(Fresh() with { SnapshotPlan = new SnapshotPlan(null, 15), Snapshots = kept });

        Assert.Equal([0, 15, 30], kept.Versions);
        Assert.Equal(log.Reproducible(), same.Reproducible());
        Assert.Equal(plain.Parameters, outcome.Parameters);
        Assert.NotEqual(kept.Parameters[0], kept.Parameters[1]);
    }

    [Theory]
    [InlineData(0, 0.24, 1, 0.26, true)]
    [InlineData(1, 0.26, 2, 0.49, false)]
    [InlineData(2, 0.49, 9, 1.3, true)]
    public void MarksInEpochs_AreThoseThatLieBetween(long version, double epoch, long nextVersion, double nextEpoch, bool expected) =>
        Assert.Equal(expected, new SnapshotPlan(0.25, null).IsDue((version, epoch), (nextVersion, nextEpoch)));

    private sealed class Kept : ISnapshots
    {
        public List<long> Versions { get; } = [];

        public List<float[]> Parameters { get; } = [];

        public void Take(long version, ReadOnlySpan<float> parameters)
        {
            Versions.Add(version);
            Parameters.Add(parameters.ToArray());
        }
    }
}

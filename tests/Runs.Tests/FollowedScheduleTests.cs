using Orchestrator.Abstractions;

namespace Orchestrator.Runs.Tests;

/// <summary>
/// Pipelines that name a recorded schedule: what they must have in common with it, and what is said
/// at their end.
/// </summary>
public sealed class FollowedScheduleTests : IDisposable
{
    private const string Passes = """stop={"passes":1}""";
    private const string Note = "the recorded schedule ended before a limit of the pipeline was reached";

    private readonly Laboratory laboratory = new();

    public void Dispose() => laboratory.Dispose();

    [Theory]
    [InlineData("workers.absent=[1]")]
    [InlineData("""consistency={"type":"staleness-threshold","threshold":3}""")]
    [InlineData("""consistency={"type":"k-sync","k":3}""")]
    public void ARunWhoseWorkersMakeTheirPasses_ReachesItsLimit(string set)
    {
        var file = laboratory.Write();
        var recorded = laboratory.Run(file, Passes, set);

        var run = laboratory.Run(file, Passes, set, $"schedule={recorded.Folder}", "optimizer.momentum=0");

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.DoesNotContain(Note, run.Notes);
    }

    [Fact]
    public void AScheduleThatIsTooShort_IsSaid()
    {
        var file = laboratory.Write();
        var recorded = laboratory.Run(file, "stop.updates=10");

        Assert.Contains(Note, laboratory.Run(file, "stop.updates=20", $"schedule={recorded.Folder}").Notes);
    }

    [Theory]
    [InlineData("streams.partition=2", "seed of the stream partition (which deals the passes) 1", "this pipeline has 2")]
    [InlineData("evaluation.sets.validation.share=0.2", "evaluation.sets.validation none", "a share of 0.2")]
    public void WhatDealsThePasses_IsWhatItWas(string set, string then, string now)
    {
        var file = laboratory.Write();
        var recorded = laboratory.Run(file, Passes);

        var refused = Assert.Throws<RunRefusedException>(() => laboratory.Load(file, Passes, set, $"schedule={recorded.Folder}")).Message;

        Assert.Contains($"was recorded with {then}", refused);
        Assert.Contains(now, refused);
    }

    [Fact]
    public void WhichSamplesAreKept_CountsWhereSomeAre()
    {
        const string Kept = "evaluation.sets.validation.share=0.2";
        var file = laboratory.Write();
        var recorded = laboratory.Run(file, Passes, Kept);

        var refused = Assert.Throws<RunRefusedException>(() => laboratory.Load(file, Passes, Kept, "streams.validation=2", $"schedule={recorded.Folder}")).Message;

        Assert.Contains("was recorded with seed of the stream validation 1", refused);
        Assert.NotNull(laboratory.Load(file, Passes, Kept, "seed=2", "streams.validation=1", "streams.partition=1", $"schedule={recorded.Folder}"));
    }
}

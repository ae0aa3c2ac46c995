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
}

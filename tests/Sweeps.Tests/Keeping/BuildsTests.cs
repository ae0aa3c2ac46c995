namespace Orchestrator.Sweeps.Tests;

/// <summary>Whose row of a run counts.</summary>
public sealed class BuildsTests : IDisposable
{
    private readonly Work work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData(true, false, "mine")]
    [InlineData(true, true, "mine")]
    [InlineData(false, false, "mine")]
    [InlineData(false, true, "given")]
    public void Of_two_rows_of_one_run_the_first_counts_unless_only_the_other_is_of_the_present_build(bool mineIsPresent, bool givenIsPresent, string counts)
    {
        var plan = work.Planned(Pipelines.Quadratic("""{ "seeds": 1 }"""));
        var present = new Builds("").Now(plan.Cells[0]);
        var mine = Row(plan, "mine", mineIsPresent ? present : "0123456789ab");
        var given = Row(plan, "given", givenIsPresent ? present : "ba9876543210");

        var rows = Builds.Choose(plan, new Dictionary<string, CompletedRun> { [mine.Key] = mine }, new Dictionary<string, CompletedRun> { [given.Key] = given });

        Assert.Equal(counts, Assert.Single(rows).Value.Digest);
    }

    private static CompletedRun Row(SweepPlan plan, string digest, string build) => new()
    {
        Key = SweepPlan.Run(plan.Cells[0], plan.Rounds[0].Levels[0]).Key,
        Cell = plan.Cells[0].Key,
        Seed = 1,
        Status = "completed",
        Digest = digest,
        IsVirtual = true,
        Build = build,
        KernelPath = "",
        Data = "",
        NoConvergence = false,
        Updates = 1,
        WallSeconds = 1,
    };
}

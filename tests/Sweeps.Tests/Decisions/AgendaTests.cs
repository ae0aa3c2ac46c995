namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// Which runs are wanted follows from results alone, whatever the order in which they come.
/// </summary>
public sealed class AgendaTests : IDisposable
{
    private readonly Work work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("""{ "axes": { "workers.count": [2, 3, 4] }, "seeds": 4 }""")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3, 4, 5], "optimizer.momentum": [0, 0.5] }, "stages": [ { "name": "tune", "seeds": 2, "keep": 2, "per": """
            + """["optimizer.momentum"] }, { "name": "last", "seeds": 3 } ] }""")]
    [InlineData("""{ "axes": { "workers.count": [2, 3, 4] }, "seeds": { "from": 5, "to": 30, "until": "decided" }, "compare": { "delta": 0.05 } }""")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3, 4, 5, 6, 7, 8, 9, 10] }, "seeds": 2, "search": { "type": "successive-halving", "epochs": [0.1, 0.2] } }""")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3, 4, 5, 6], "optimizer.momentum": [0, 0.5] }, "average": ["optimizer.momentum"], "search": """
            + """{ "type": "successive-halving", "epochs": [0.1, 0.2] } }""")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3], "optimizer.momentum": [0, 0.5] }, "average": ["optimizer.momentum"], "seeds": { "from": 5, "to": 30, "until":"""
            + """ "decided" }, "compare": { "delta": 0.05 } }""")]
    public void The_same_runs_are_made_in_any_order(string sweep)
    {
        var plan = Plan(sweep);
        var first = Play(plan, order: null);

        Assert.True(first.State.IsComplete);
        for (var seed = 0; seed < 20; seed++)
        {
            var other = Play(plan, new Random(seed));
            Assert.Equal(first.Made.Order(), other.Made.Order());
            Assert.Equal(first.State.Decisions, other.State.Decisions);
            Assert.Equal(first.State.Groups.Select(group => group.Label), other.State.Groups.Select(group => group.Label));
        }
    }

    [Fact]
    public void The_best_cells_of_a_stage_go_on()
    {
        var state = Play(
            Plan("""{ "axes": { "workers.count": [2, 3, 4] }, "stages": [ { "name": "tune", "seeds": 2, "keep": 1 }, { "name": "last", "seeds": 3 } ] }"""),
            null).State;

        Assert.Equal(["workers.count=2"], state.Groups.Select(group => group.Label));
        Assert.Equal([3, 4, 5], state.Levels.Select(level => level.Seed));
        Assert.Equal(["tune: 1 of 3 cells go on: workers.count=2."], state.Decisions);
    }

    [Fact]
    public void What_goes_on_is_a_setting_with_all_values_of_an_averaged_axis()
    {
        // Alone, batch size 1 is best with 4 workers. On average it is 2 workers.
        var plan = Plan(
            """{ "axes": { "workers.batchSize": [1, 2, 4], "workers.count": [4, 2, 3] }, "average": ["workers.batchSize"], "stages": ["""
                + """ { "name": "tune", "seeds": 2, "keep": 1 }, { "name": "last", "seeds": 3 } ] }""");
        var (state, made) = Play(plan, null, run => run.Pipeline.Workers switch { { BatchSize: 1, Count: 4 } => 0.5, var workers => workers.Count });

        Assert.Equal(["tune: 1 of 3 settings go on: workers.count=2."], state.Decisions);
        var kept = Assert.Single(state.Groups);
        Assert.Equal(["1", "2", "4"], kept.Cells.Select(cell => cell.Values[0].Text));
        Assert.Equal((9 * 2) + (3 * 3), made.Count);
    }

    [Fact]
    public void Halving_leaves_the_worse_behind_and_says_what_that_cost()
    {
        var plan = Plan(
            """{ "axes": { "workers.count": [2, 3, 4, 5, 6, 7, 8, 9, 10] }, "search": { "type": "successive-halving", "epochs": [0.1, 0.2], "finish": 0.2 } """
                + """}""");
        var (state, made) = Play(plan, null);

        Assert.Equal(
            ["epoch 0.1: 3 of 9 cells go on; the best is "
                + "workers.count=2.", "epoch 0.2: 1 of 3 cells go on; the best is workers.count=2."], state.Decisions.Take(2));
        Assert.StartsWith(
            "8 cells were left behind, 2 of them were finished anyway; the best of them is worse than the best survivor by ", state.Decisions[2],
            StringComparison.Ordinal);
        Assert.Equal((9, 3, 3), (
            made.Count(m => m.EndsWith("@0.1", StringComparison.Ordinal)), made.Count(m => m.EndsWith("@0.2", StringComparison.Ordinal)),
            made.Count(m => m.EndsWith('@'))));
    }

    [Theory]
    [InlineData(true, "the best of them converged with 1 seed more than the best survivor: that is the regret seen.")]
    [InlineData(false, "the best of them converged with 1 seed fewer than the best survivor: no regret seen.")]
    public void What_halving_cost_is_judged_by_convergence_first(bool isSurvivor, string said)
    {
        var plan = Plan(
            """{ "axes": { "workers.count": [2, 3, 4] }, "seeds": 2, "search": { "type": "successive-halving", "epochs": [0.1], "finish": 1 } }""");
        bool Converges(PlannedRun run) => (run.Pipeline.Workers.Count == 2) != isSurvivor || run.Levels.Seed == 1;

        Assert.EndsWith(said, Play(plan, null, converges: Converges).State.Decisions[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_waits_for_what_has_failed()
    {
        var plan = Plan("""{ "axes": { "workers.count": [2, 3] }, "stages": [ { "name": "tune", "seeds": 1, "keep": 1 }, { "name": "last", "seeds": 1 } ] }""");
        var results = new Results();
        var agenda = new Agenda(plan);
        results.Fail(agenda.Look(results).Wanted[0].Run.Key);
        results.Complete(agenda.Look(results).Wanted.Single());

        var state = agenda.Look(results);
        Assert.Empty(state.Wanted);
        Assert.Single(state.Failed);
        Assert.False(state.IsComplete);
    }

    private SweepPlan Plan(string sweep)
    {
        var result = work.Plan(Pipelines.Quadratic(sweep));
        Assert.True(result.Plan is not null, string.Join('\n', result.Mistakes));
        return result.Plan;
    }

    private static (AgendaState State, List<string> Made) Play(SweepPlan plan, Random? order, Func<PlannedRun, double>? losses = null, Func<PlannedRun, bool>? converges = null)
    {
        var (results, agenda, made) = (new Results(losses, converges), new Agenda(plan), new List<string>());
        for (var state = agenda.Look(results); ; state = agenda.Look(results))
        {
            if (state.Wanted.Count == 0)
            {
                return (state, made);
            }

            var next = state.Wanted[order?.Next(state.Wanted.Count) ?? 0];
            made.Add($"{next.Run.Key}@{next.Mark}");
            results.Complete(next);
        }
    }

    /// <summary>Losses that grow with the number of workers and vary with the seed.</summary>
    private sealed class Results(Func<PlannedRun, double>? losses = null, Func<PlannedRun, bool>? converges = null) : ISweepResults
    {
        private readonly Dictionary<string, CompletedRun> completed = [];
        private readonly Dictionary<(string, double), RungResult> rungs = [];
        private readonly HashSet<string> failed = [];

        public void Fail(string key) => failed.Add(key);

        public void Complete(WantedRun wanted)
        {
            var run = wanted.Run;
            var loss = (losses?.Invoke(run) ?? run.Pipeline.Workers.Count) + (0.01 * (run.Levels.Seed * 7 % 5));
            if (wanted.Mark is { } mark)
            {
                rungs.Add((run.Key, mark), new RungResult(run.Key, mark, null, loss));
                return;
            }

            completed.Add(run.Key, new CompletedRun
            {
                Key = run.Key,
                Cell = run.Cell.Key,
                Seed = run.Levels.Seed,
                Status = "completed",
                IsVirtual = true,
                Build = "",
                KernelPath = "",
                Data = "",
                TestLoss = loss,
                NoConvergence = converges?.Invoke(run) == false,
                Updates = 1,
                WallSeconds = 1,
            });
        }

        public CompletedRun? Completed(string key) => completed.GetValueOrDefault(key);

        public bool HasFailed(string key) => failed.Contains(key);

        public RungResult? AtMark(string key, double epoch) => rungs.GetValueOrDefault((key, epoch));
    }
}

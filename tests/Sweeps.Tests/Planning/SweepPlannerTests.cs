using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps.Tests;

public sealed class SweepPlannerTests : IDisposable
{
    private readonly Work work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Axes_make_cells_and_seeds_make_runs()
    {
        var plan = Plan("""{ "axes": { "optimizer.momentum": [0, 0.5], "workers.count": [2, 5, 10] }, "seeds": 3 }""");

        Assert.Equal(6, plan.Cells.Count);
        Assert.Equal("optimizer.momentum=0.5 workers.count=2", plan.Cells[3].Label);
        Assert.Equal(5, plan.Cells[4].Pipeline.Workers.Count);
        Assert.Equal([1, 2, 3], plan.Rounds.Single().Levels.Select(level => level.Seed));
        var runs = Runs(plan);
        Assert.Equal(18, runs.Select(run => run.Key).Distinct().Count());
        Assert.Equal(2, runs[6].Pipeline.Seed);
    }

    [Fact]
    public void Cells_that_differ_in_averaged_axes_only_are_one_setting_and_keep_their_keys()
    {
        const string Axes = """ "axes": { "workers.batchSize": [1, 2], "workers.count": [2, 5, 10] }, "exclude": [{ "workers.count": 5 }] """;
        var (plan, plain) = (Plan($$"""{ {{Axes}}, "average": ["workers.batchSize"] }"""), Plan($"{{ {Axes} }}"));

        Assert.Equal(["workers.count=2", "workers.count=10"], plan.Groups.Select(group => group.Label));
        Assert.All(plan.Groups, group => Assert.Equal(["1", "2"], group.Cells.Select(cell => cell.Values[0].Text)));
        Assert.Equal(plain.Cells.Select(cell => cell.Key).Order(), plan.Cells.Select(cell => cell.Key).Order());
        Assert.Equal([new(1, 0, "10", "2", "")], Sweeps.Comparisons.Of(plan));
        Assert.Equal(plain.Cells.Select(cell => cell.Label), plain.Groups.Select(group => group.Label));
    }

    [Theory]
    [InlineData("validation-loss", "optimizer.momentum=0 keeps no samples for validation; evaluation.sets.validation is required in every cell")]
    [InlineData("validation-accuracy", """the samples of optimizer.momentum=0 have no label, so there is no accuracy; "validation-loss" is expected""")]
    public void A_metric_of_validation_needs_samples_that_are_kept_for_it(string metric, string expected)
    {
        var result = work.Plan(Pipelines.Quadratic($$"""{ "axes": { "optimizer.momentum": [0, 0.5] }, "metric": "{{metric}}" }"""));

        Assert.Null(result.Plan);
        Assert.Contains(result.Mistakes, mistake => mistake.Path == "sweep.metric" && mistake.Message == expected);
    }

    [Fact]
    public void Zipped_paths_change_together() => Assert.Equal(
        [(2, 64), (4, 32)],
        Plan("""{ "axes": { "workers.count, workers.batchSize": [[2, 64], [4, 32]] } """
            + """}""").Cells.Select(cell => (cell.Pipeline.Workers.Count, cell.Pipeline.Workers.BatchSize)));

    [Fact]
    public void Variants_are_laid_over_the_pipeline()
    {
        var plan = Plan("""
            { "axes": { "rule": { "variants": {
                "plain": {},
                "gap-aware": { "optimizer.corrections": ["gap-aware"], "optimizer": { "momentum": 0.5 } },
                "adam": { "optimizer": { "type": "adam" } } } } } }
            """);

        Assert.Equal(["rule=plain", "rule=gap-aware", "rule=adam"], plan.Cells.Select(cell => cell.Label));
        Assert.Equal("gap-aware", plan.Cells[1].Pipeline.Optimizer.Corrections.Single().Name);
        Assert.Contains("\"momentum\":0.5", plan.Cells[1].Pipeline.Optimizer.Rule.Json, StringComparison.Ordinal);
        Assert.Equal(("adam", 0.01), (plan.Cells[2].Pipeline.Optimizer.Rule.Name, plan.Cells[2].Pipeline.Optimizer.LearningRate));
    }

    [Theory]
    [InlineData("""{ "axes": { "initial.from": ["a.st", "b.st"] }, "compare": { "baseline": "b.st" } }""")]
    [InlineData("""{ "axes": { "initial": { "values": [{ "from": "a.st" }, { "from": "b.st" }, null] } }, "exclude": [{ "initial": null }] }""")]
    [InlineData(
        """{ "axes": { "initial.from, workers.count": [["a.st", 2], ["b.st", 4], ["b.st", 8]] }, "exclude": [{ "initial.from, workers.count": ["b.st", 8] """
            + """}] }""")]
    [InlineData("""{ "axes": { "start": { "variants": { "a": { "initial.from": "a.st" }, "b": { "initial": { "from": "b.st" } } } } } }""")]
    [InlineData("""{ "axes": { "initial.from": ["a.st", "b.st", "c.st"] }, "exclude": [{ "initial.from": ["c.st"] }] }""")]
    [InlineData("""{ "axes": { "schedule": ["a.st", "b.st"] } }""")]
    public void Relative_paths_in_axes_ask_the_same_wherever_they_are_read_again(string sweep)
    {
        string[] files = [work.File("a.st", "a"), work.File("b.st", "b")];
        var request = Work.Request() with { MemoryLimit = long.MaxValue };
        var template = PipelineTemplate.Read(work.File("p.json", Pipelines.Quadratic(sweep)), Work.Catalog, request, out _)!;
        var thawed = PipelineTemplate.Thaw(template.Frozen, "sweep.json", Work.Catalog, request, out _)!;

        var planned = new SweepPlanner(template, request).Plan();
        var again = new SweepPlanner(thawed, request).Plan();

        Assert.Empty(planned.Mistakes);
        Assert.Equal(files, planned.Plan!.Cells.Select(cell => cell.Pipeline.Initial?.From ?? cell.Pipeline.Schedule));
        Assert.Equal(SweepDocument.IdOf(planned.Plan), SweepDocument.IdOf(again.Plan!));
    }

    [Fact]
    public void A_path_of_the_command_line_is_relative_to_the_current_folder()
    {
        var (first, second) = (work.File("a.st", "a"), work.File("b.st", "b"));
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, second);
        var plan = work.Plan(Pipelines.Quadratic("{}"), Work.Request() with { Axes = [$"initial.from={first},{relative}"] }).Plan!;

        Assert.Equal([first, second], plan.Cells.Select(cell => cell.Pipeline.Initial!.From));
    }

    [Fact]
    public void What_is_excluded_is_not_run() => Assert.Equal(
        ["optimizer.momentum=0 workers.count=2", "optimizer.momentum=0 workers.count=4", "optimizer.momentum=0.5 workers.count=2"],
        Plan(
            """{ "axes": { "optimizer.momentum": [0, 0.50], "workers.count": [2, 4, 8] }, "exclude": [ { "workers.count": 8 }, { "optimizer.momentum": """
                + """0.5, "workers.count": [4, 8] } ] }""")
            .Cells.Select(cell => cell.Label));

    [Fact]
    public void Factors_are_crossed_with_the_seeds()
    {
        var plan = Plan("""{ "axes": { "workers.count": [2, 4] }, "seeds": [5, 9], "factors": { "compute": 2, "batches": [7] } }""");
        var levels = plan.Rounds.Single().Levels;

        Assert.Equal(
            ["seed 5 batches=7 compute=1", "seed 5 batches=7 compute=2", "seed 9 batches=7 compute=1", "seed 9 batches=7 compute=2"],
            levels.Select(level => level.ToString()));
        Assert.Equal(new Dictionary<string, long> { ["batches"] = 7, ["compute"] = 2 }, Runs(plan)[2].Pipeline.Streams!.Seeds);
    }

    [Fact]
    public void A_fraction_of_four_factors_has_every_triple_once()
    {
        var levels = Plan("""{ "factors": { "init": 3, "partition": 3, "batches": 3, "compute": [7, 8, 9] }, "crossing": "fraction" }""").Rounds.Single()
            .Levels;

        Assert.Equal(27, levels.Count);
        Assert.All(
            levels[0].Streams.Keys,
            left => Assert.Equal(27, levels.Select(level => string.Join(' ', level.Streams.Where(stream => stream.Key != left))).Distinct().Count()));
        Assert.Contains(
            "a fraction is of 4 factors with equally many levels, two at least; there are init with 3, compute with 2",
            string.Join('\n', work.Plan(Pipelines.Quadratic("""{ "factors": { "init": 3, "compute": 2 }, "crossing": "fraction" }""")).Mistakes),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_have_fresh_seeds()
    {
        var plan = Plan(
            """{ "axes": { "workers.count": [2, 4] }, "stages": [ { "name": "tune", "seeds": 2, "keep": 1 }, { "name": "confirm", "seeds": 3 } ] }""");

        Assert.Equal(["1,2", "3,4,5"], plan.Rounds.Select(round => string.Join(',', round.Levels.Select(level => level.Seed))));
    }

    [Fact]
    public void All_mistakes_of_all_cells_are_told_once_and_where_they_are()
    {
        var result = work.Plan(Pipelines.Quadratic("""
            { "axes": { "optimizer.momentum": [0, 2], "optimizer.momentun": [1, 2],
              "consistency": ["asynchronous", "bulk-synchronous"],
              "workers.count": [2, 0] } }
            """));

        Assert.Null(result.Plan);
        var told = result.Mistakes.Select(m => $"{m.Where[m.Where.IndexOf(':')..]}: {m.Path}: {m.Message}").ToList();
        Assert.Equal(3, told.Count);
        Assert.StartsWith(":9:77: optimizer.momentun: optimizer 'sgd' has no option 'momentun'", told[0], StringComparison.Ordinal);
        Assert.EndsWith(
            "did you mean 'momentum'?; also at p.json:9:80".Replace("p.json", Path.Combine(work.Folder, "p.json"), StringComparison.Ordinal), told[0],
            StringComparison.Ordinal);
        Assert.Contains(told, m => m.StartsWith(":9:50: optimizer.momentum: 2 is out of range", StringComparison.Ordinal) && m.Contains(
            "(in 8 of 16 cells, first in optimizer.momentum=2 ", StringComparison.Ordinal));
        Assert.Contains(told, m => m.StartsWith(":11:24: workers.count: 0 is out of range", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "axes": { "seed": [1, 2] } }""", "sweep.axes.seed: seeds are given by sweep.seeds")]
    [InlineData("""{ "axes": { "streams.delay": [1] } }""", "sweep.axes.streams.delay: seeds of single streams are given by sweep.factors")]
    [InlineData("""{ "axes": { "sweep.seeds": [1] } }""", "sweep.axes.sweep.seeds: 'sweep' is no value of the experiment")]
    [InlineData("""{ "axes": { "a..b": [1] } }""", "sweep.axes.a..b: 'a..b' is not a path")]
    [InlineData("""{ "axes": { "workers.count": [] } }""", "sweep.axes.workers.count: has no value; at least one is expected")]
    [InlineData("""{ "axes": { "workers.count": [2, 2e0] } }""", "sweep.axes.workers.count: has the value 2 more than once")]
    [InlineData(
        """{ "axes": { "workers.count, workers.batchSize": [[1, 2], 3] } }""",
        "sweep.axes.workers.count, workers.batchSize: 3 is not one value for each of its 2 paths")]
    [InlineData("""{ "axes": { "x": { "variants": { "a": 3 } } } }""", "sweep.axes.x.variants.a: 3 is no set of values")]
    [InlineData("""{ "axes": { "x": { "values": [1], "variants": {} } } }""", "sweep.axes.x: a list of values, an object with 'variants', or a range")]
    [InlineData(
        """{ "axes": { "optimizer.momentum": { "from": 0, "to": 0.9 } } }""", "sweep.axes.optimizer.momentum: a range is drawn from by a random search only")]
    [InlineData(
        """{ "axes": { "workers.count": [2] }, "exclude": [ { "worker.count": 2 } ] }""",
        "sweep.exclude[0]: there is no axis 'worker.count'; the sweep has workers.count; did you mean 'workers.count'?")]
    [InlineData(
        """{ "axes": { "workers.count": [2] }, "exclude": [ { "workers.count": 3 } ] }""",
        "sweep.exclude[0]: the axis 'workers.count' has no value 3; it has 2")]
    [InlineData("""{ "axes": { "workers.count": [2] }, "exclude": [ { "workers.count": 2 } ] }""", "sweep.exclude: leaves out every combination")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "where": { "worker.count": 2 } }""",
        "sweep.where: there is no axis 'worker.count'; the sweep has workers.count; did you mean 'workers.count'?")]
    [InlineData("""{ "axes": { "workers.count": [2, 3] }, "where": { "momentum": 2 } }""", "sweep.where: there is no axis 'momentum'; the sweep has workers.count")]
    [InlineData("""{ "where": { "workers.count": 2 } }""", "sweep.where: there is no axis 'workers.count'; the sweep has none")]
    [InlineData("""{ "axes": { "workers.count": [2, 3] }, "where": { "workers.count": [2, 4] } }""", "sweep.where: the axis 'workers.count' has no value 4; it has 2, 3")]
    [InlineData(
        """{ "axes": { "row": { "variants": { "BSP, 10": {} } } }, "where": { "row": ["BSP", "10"] } }""",
        "sweep.where: the axis 'row' has no value BSP; it has BSP, 10 (with commas in quotes: \"BSP, 10\")")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "where": { "workers.count": 2 }, "exclude": [{ "workers.count": 2 }] }""",
        "sweep.where, sweep.exclude: leave out every combination")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "average": ["workers.count"], "where": { "workers.count": 3 } }""",
        "sweep.where: 'workers.count' is averaged over (sweep.average): it tells no settings apart")]
    [InlineData(
        """{ "axes": { "optimizer.momentum": { "from": 0, "to": 0.9 } }, "where": { "optimizer.momentum": 0.5 }, "search": { "type": "random", "samples": 3 } }""",
        "sweep.where: the axis 'optimizer.momentum' is a range, of which no value can be named")]
    [InlineData("""{ "axes": { "transport": ["in-process", "tcp"] } }""", "sweep.axes: transport=in-process and transport=tcp are the same experiment")]
    [InlineData("""{ "seeds": [1, 1] }""", "sweep.seeds: has the seed 1 more than once")]
    [InlineData(
        """{ "seeds": { "from": 5, "to": 40 } }""", "sweep.seeds: from (seeds at least), to (seeds at most, not fewer) and until are expected together")]
    [InlineData("""{ "factors": { "dealy": 3 } }""", "sweep.factors.dealy: there is no random stream 'dealy'")]
    [InlineData(
        """{ "stages": [ { "name": "a", "seeds": [1], "keep": 1 }, { "name": "b", "seeds": [1] } ] }""",
        "sweep.stages[1].seeds: seed 1 was seen by an earlier stage")]
    [InlineData(
        """{ "stages": [ { "name": "a", "seeds": [0, 1], "keep": 1 }, { "name": "b", "seeds": [0, 1] } ] }""",
        "sweep.stages[1].seeds: seed 0 was seen by an earlier stage")]
    [InlineData("""{ "stages": [ { "name": "a", "seeds": 1 }, { "name": "b", "seeds": 2 } ] }""", "sweep.stages[0].keep: is missing")]
    [InlineData("""{ "search": { "type": "successive-halving", "epochs": [3, 1] } }""", "sweep.search.epochs: ascending marks are expected")]
    [InlineData(
        """{ "axes": { "workers.count": [2] }, "average": ["worker.count"] }""",
        "sweep.average: there is no axis 'worker.count'; the sweep has workers.count; did you mean 'workers.count'?")]
    [InlineData("""{ "average": ["workers.count"] }""", "sweep.average: there is no axis 'workers.count'; the sweep has none")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "average": ["workers.count", "workers.count"] }""",
        "sweep.average: names 'workers.count' more than once")]
    [InlineData(
        """{ "axes": { "optimizer.momentum": { "from": 0, "to": 0.9 } }, "average": ["optimizer.momentum"], "search": { "type": "random", "samples": 3 } }""",
        "sweep.average: the axis 'optimizer.momentum' is drawn from a range")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "average": ["workers.count"], "exclude": [{ "workers.count": 3 }] }""",
        "sweep.exclude[0]: 'workers.count' is averaged over (sweep.average): it tells no settings apart")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "average": ["workers.count"], "compare": { "axis": "workers.count" } }""",
        "sweep.compare.axis: 'workers.count' is averaged over")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "average": ["workers.count"], "compare": { "baseline": "2" } }""",
        "sweep.compare.axis: there is no axis to compare along: all are averaged over")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "average": ["workers.count"], "seeds": { "from": 5, "to": 9, "until": "decided" } }""",
        "sweep.compare.axis: there is no axis to compare along: all are averaged over")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "average": ["workers.count"], "stages": [ { "name": "a", "seeds": 1, "keep": 1, "per": """
            + """["workers.count"] }, { "name": "b", "seeds": 1 } ] }""",
        "sweep.stages[0].per: 'workers.count' is averaged over")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "where": { "workers.count": 2 }, "compare": { "baseline": "3" }, "seeds": { "from": 5, "to": 9, "until": "decided" } }""",
        "sweep.seeds: nothing is compared along 'workers.count', so nothing can be decided")]
    [InlineData(
        """{ "axes": { "workers.count": [2, 3] }, "seeds": { "from": 5, "to": 9, "until": "decided" } }""",
        "sweep.compare.delta: is missing; seeds are added until a difference in test loss is found")]
    [InlineData("""{ "metric": "test-accuracy" }""", "sweep.metric: the samples of small have no label")]
    public void A_sweep_that_makes_no_sense_is_refused(string sweep, string mistake)
    {
        var result = work.Plan(Pipelines.Quadratic(sweep));

        Assert.Null(result.Plan);
        Assert.StartsWith(mistake, string.Join('\n', result.Mistakes.Select(m => $"{m.Path}: {m.Message}")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_values_is_told_beside_what_is_wrong_with_the_sweep()
    {
        var result = work.Plan(Pipelines.Quadratic("""
            { "axes": { "optimizer.momentum": [0, 2, 3], "workers.count": [2, 0] }, "exclude": [{ "worker.count": 2 }] }
            """));

        Assert.Null(result.Plan);
        Assert.Collection(
            result.Mistakes.Select(m => $"{m.Path}: {m.Message}"),
            m => Assert.StartsWith("sweep.exclude[0]: there is no axis 'worker.count'", m, StringComparison.Ordinal),
            m => Assert.EndsWith("(in the cell optimizer.momentum=2 workers.count=2)", m, StringComparison.Ordinal),
            m => Assert.EndsWith("(in the cell optimizer.momentum=3 workers.count=2)", m, StringComparison.Ordinal),
            m => Assert.EndsWith("(in the cell optimizer.momentum=0 workers.count=0)", m, StringComparison.Ordinal));
    }

    [Fact]
    public void A_base_may_leave_to_an_axis_what_every_pipeline_needs()
    {
        var json = Pipelines.Quadratic("""{ "axes": { "optimizer.learningRate": [0.1, 0.2] } }""")
            .Replace(", \"learningRate\": 0.01", "", StringComparison.Ordinal);

        Assert.Equal([0.1, 0.2], work.Plan(json).Plan!.Cells.Select(cell => cell.Pipeline.Optimizer.LearningRate));
    }

    /// <summary>
    /// Results of years lie under these keys: a change here throws them away, so options that are
    /// new are null by default.
    /// </summary>
    [Fact]
    public void Keys_stay_what_they_are()
    {
        var plan = Plan("""{ "axes": { "optimizer.momentum": [0, 0.9] }, "seeds": 2, "factors": { "compute": [7] } }""");

        Assert.Equal("4fd45c4c19453921287f68d4 074b45f32c9d9f6e69814f45", string.Join(' ', plan.Cells.Select(cell => cell.Key)));
        Assert.Equal(
            "b19976b5cd87b4496f896c33 9b91c7818131d570f749fda6 f466660b792b9116e01ee068 f942f3f10dd2ece8bc446020",
            string.Join(' ', Runs(plan).Select(run => run.Key)));
    }

    [Fact]
    public void A_single_run_has_the_key_that_a_sweep_gives_it()
    {
        var run = Runs(Plan("""{ "axes": { "optimizer.momentum": [0, 0.9] }, "seeds": [7], "factors": { "compute": [3] } }"""))[1];
        var single = Pipeline.Load(
            work.File("one.json", Pipelines.Quadratic("null")), Work.Catalog,
            Work.Request("optimizer.momentum=0.9", "seed=7", "streams.compute=3", "name=other", "transport=tcp")).Pipeline!;

        Assert.Equal(run.Key, SweepKeys.OfRun(single, single.Dataset.Create<IDataset>().Load(new DataFolders([])).Fingerprint));
    }

    private SweepPlan Plan(string sweep) => work.Planned(Pipelines.Quadratic(sweep));

    private static List<PlannedRun> Runs(SweepPlan plan) => [.. SweepPlan.Runs(plan.Cells, plan.Rounds[0].Levels)];
}

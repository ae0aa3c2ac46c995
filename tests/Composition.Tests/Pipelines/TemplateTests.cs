using System.Diagnostics;

namespace Orchestrator.Composition.Tests;

/// <summary>Many pipelines from one document.</summary>
public class TemplateTests
{
    [Fact]
    public void A_value_laid_over_gives_what_set_gives()
    {
        using var files = new Written();
        var template = Read(files, Documents.Good);

        foreach (var set in (string[])[
            "optimizer.momentum=0.5", "workers.delay={\"type\":\"constant\",\"ms\":3}", "optimizer=adam", "evaluation.everyUpdates=5",
            "seed=9", "stop.updates=7"])
        {
            var cut = set.IndexOf('=');
            var over = Override.Of(set[..cut], PipelineValue.Parse(set[(cut + 1)..], "--axis"), merges: false, out _)!;
            var expected = Documents.Load(Documents.Good, set);
            var actual = template.Resolve([over]);
            Assert.Equal(expected.Mistakes.Select(m => m.Message), actual.Mistakes.Select(m => m.Message));
            Assert.Equal(expected.Pipeline?.CanonicalJson, actual.Pipeline?.CanonicalJson);
            Assert.Equal(expected.Pipeline?.Id, actual.Pipeline?.Id);
            Assert.Equal(expected.Memory, actual.Memory);
        }
    }

    [Fact]
    public void What_is_laid_over_one_pipeline_leaves_no_trace_in_the_next()
    {
        using var files = new Written();
        var template = Read(files, Documents.Good);
        var before = template.Resolve([]).Pipeline!.Json;
        var over = Override.Of("optimizer", PipelineValue.Parse("{\"momentum\":0.1,\"corrections\":[]}", "x"), merges: true, out _)!;

        Assert.Equal(0.1, Momentum(template.Resolve([over]).Pipeline!));
        Assert.Equal(before, template.Resolve([]).Pipeline!.Json);
        Assert.Equal(0.02, template.Resolve([over]).Pipeline!.Optimizer.LearningRate);
    }

    [Fact]
    public void Another_seed_is_what_set_makes_of_it()
    {
        var good = Documents.Resolve(Documents.Good);
        var expected = Documents.Resolve(Documents.Good, "seed=7", "streams.delay=3");
        var actual = good.With(7, new Dictionary<string, long> { ["delay"] = 3 });

        Assert.Equal((expected.Id, expected.CanonicalJson, expected.Seed, expected.Streams), (actual.Id, actual.CanonicalJson, actual.Seed, actual.Streams));
        Assert.Equal(good.CellJson, actual.CellJson);
    }

    [Theory]
    [InlineData("name=other", true)]
    [InlineData("seed=3", true)]
    [InlineData("transport=tcp", true)]
    [InlineData("telemetry={}", true)]
    [InlineData("workers.count=5", false)]
    public void A_cell_is_known_by_what_its_runs_have_in_common(string set, bool isSame) =>
        Assert.Equal(isSame, Documents.Resolve(Documents.Good).CellJson == Documents.Resolve(Documents.Good, set).CellJson);

    [Fact]
    public void On_the_wall_clock_the_transport_is_part_of_a_cell() =>
        Assert.NotEqual(Documents.Resolve(Documents.Good, "clock=wall").CellJson, Documents.Resolve(Documents.Good, "clock=wall", "transport=tcp").CellJson);

    [Fact]
    public void A_cell_is_known_by_what_files_hold_and_not_by_their_names()
    {
        using var files = new Written();
        var (one, same, other) = (files.File("a.csv", "1\n2\n"), files.File("b.csv", "1\n2\n"), files.File("c.csv", "1\n3\n"));

        Assert.Equal(Cell(one), Cell(same));
        Assert.NotEqual(Cell(one), Cell(other));
        Assert.DoesNotContain("a.csv", Cell(one), StringComparison.Ordinal);

        static string Cell(string file) => Documents.Resolve(Documents.Good, $"workers.delay={{\"type\":\"trace\",\"file\":\"{file}\"}}").CellJson;
    }

    [Theory]
    [InlineData("""sweep.axes={"optimizer.momentum":3}""", "sweep.axes.optimizer.momentum: 3 is a number; a list or object is expected")]
    [InlineData(
        "sweep.axis={}",
        "sweep.axis: sweep has no option 'axis'; it has axes, where, exclude, seeds, factors, search, stages, metric, compare, published, crossing, average; "
            + "did you mean "
            + "'axes'?")]
    [InlineData("sweep.seeds=0", "sweep.seeds: 0 is out of range; an integer in [1, 1000000] is expected")]
    [InlineData("sweep.seeds=[1,-2]", "sweep.seeds[1]: -2 is out of range; an integer in [0, 9.2E+18] is expected")]
    [InlineData(
        """sweep.search={"type":"rnadom"}""",
        "sweep.search.type: there is no type 'rnadom'; one of grid, random, successive-halving is expected; did you mean 'random'?")]
    [InlineData("sweep=3", "sweep: 3 is a number; an object is expected")]
    public void A_wrong_sweep_is_told_like_any_other_section(string set, string mistake)
    {
        using var files = new Written();
        PipelineTemplate.Read(files.File("p.json", Documents.Good), Shipped.WithFixtures, Shipped.Request(set), out var mistakes);

        Assert.Equal([mistake], mistakes.Select(m => $"{m.Path}: {m.Message}"));
    }

    [Fact]
    public void Axes_cells_and_seeds_of_the_command_line_are_a_sweep()
    {
        using var files = new Written();
        var request = Shipped.Request() with { Axes = ["optimizer.momentum=0,0.5,0.9", "workers.count,workers.batchSize=[2,64],[4,32]"], Where = ["optimizer.momentum=0.5, 0.9"], Seeds = "3..5" };
        var sweep = PipelineTemplate.Read(files.File("p.json", Documents.Good), Shipped.WithFixtures, request, out _)!.Sweep!;

        Assert.Equal(["0", "0.5", "0.9"], sweep.Axes["optimizer.momentum"].Values!.Select(v => v.Json));
        Assert.Equal(["[2,64]", "[4,32]"], sweep.Axes["workers.count,workers.batchSize"].Values!.Select(v => v.Json));
        Assert.Equal("[0.5,0.9]", sweep.Where["optimizer.momentum"].Json);
        Assert.Equal([3, 4, 5], sweep.Seeds!.Values!);
    }

    [Fact]
    public void An_axis_of_the_command_line_is_given_once()
    {
        using var files = new Written();
        var request = Shipped.Request() with { Axes = ["workers.count=1", "optimizer.momentum=0", "workers.count=2"], Where = ["workers.count=1", "x", "workers.count=2"] };
        PipelineTemplate.Read(files.File("p.json", Documents.Good), Shipped.WithFixtures, request, out var mistakes);

        Assert.Equal(
            [
                "--axis: 'workers.count' is given more than once; all its values are expected in one, workers.count=value,value,...",
                "--where: axis=value,value,... is expected, not 'x'; for example optimizer.momentum=0,0.5,0.9",
                "--where: 'workers.count' is given more than once; all its values are expected in one, workers.count=value,value,...",
            ],
            mistakes.Select(m => $"{m.Where}: {m.Message}"));
    }

    [Fact]
    public void Ten_thousand_pipelines_are_resolved_one_by_one()
    {
        using var files = new Written();
        var template = Read(files, Documents.Good);
        var momenta = Values("optimizer.momentum", i => i / 100.0);
        var rates = Values("optimizer.learningRate", i => (i + 1) / 1000.0);
        var watch = Stopwatch.StartNew();

        var ids = new HashSet<string>();
        foreach (var momentum in momenta)
        {
            foreach (var rate in rates)
            {
                ids.Add(template.Resolve([momentum, rate]).Pipeline!.Id);
            }
        }

        Assert.Equal(10_000, ids.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalSeconds:F2} s");

        static List<Override> Values(string path, Func<int, double> value) => [.. Enumerable.Range(0, 100).Select(i =>
            Override.Of(path, PipelineValue.Parse(value(i).ToString(System.Globalization.CultureInfo.InvariantCulture), "--axis"), merges: false, out _)!)];
    }

    private static double Momentum(ResolvedPipeline pipeline) =>
        System.Text.Json.JsonDocument.Parse(pipeline.Optimizer.Rule.Json).RootElement.GetProperty("momentum").GetDouble();

    private static PipelineTemplate Read(Written files, string json) =>
        PipelineTemplate.Read(files.File("p.json", json), Shipped.WithFixtures, Shipped.Request(), out _)!;
}

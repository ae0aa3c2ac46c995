using System.Text.Json;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests.Comparisons;

/// <summary>
/// Verdicts of sweeps that the program ran: a noisy quadratic, where rates differ for sure.
/// </summary>
public sealed class SweepComparisonTests : IDisposable
{
    private const string Rates =
        """ "axes": { "rate": { "variants": { "slow": { "optimizer.learningRate": 0.001 }, "fast": { "optimizer.learningRate": 0.05 } } } } """;

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void A_sweep_ends_with_its_verdicts_and_compare_says_the_same()
    {
        var file = program.Pipeline(Pipelines.Quadratic($$"""{ {{Rates}}, "seeds": 6, "compare": { "baseline": "slow", "delta": 0.001 } }"""));
        var swept = Json("run", file, "--quiet");
        var verdict = swept.GetProperty("comparisons").GetProperty("comparisons")[0];

        Assert.Equal(("fast", "slow", "a-better"), (Text(verdict, "a"), Text(verdict, "b"), Text(verdict, "verdict")));
        Assert.True(File.Exists(Path.Combine(Text(swept, "folder"), "comparisons.csv")));

        var compared = Json("compare", "small");
        Assert.Equal(verdict.GetRawText(), compared.GetProperty("comparisons")[0].GetRawText());
        Assert.Contains("fast is better than slow by", Text(compared, "paragraph"), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_baseline_or_all_but_one_value_are_left_out_compare_says_so_and_goes_on()
    {
        var file = program.Pipeline(Pipelines.Quadratic("""
            { "axes": { "optimizer.momentum": [0, 0.5, 0.9], "workers.count": [2, 3] }, "seeds": 2, "metric": "test-loss",
              "compare": { "axis": "optimizer.momentum", "baseline": "0", "delta": 0.001 } }
            """));
        Json("run", file, "--quiet", "--where", "optimizer.momentum=0.5,0.9");
        var without = program.Run("compare", "small", "--output", program.Runs, "--json");
        Assert.Equal(0, without.ExitCode);
        Assert.Contains("none of its runs has optimizer.momentum = 0, the sweep's baseline", without.Error, StringComparison.Ordinal);
        Assert.Equal(2, Cli.Summary(without.Output).GetProperty("comparisons").GetArrayLength());

        Json("run", file, "--quiet", "--where", "optimizer.momentum=0.5");
        var one = program.Run("compare", "small", "--output", program.Runs, "--json");
        Assert.Equal(0, one.ExitCode);
        Assert.Contains("all its runs have optimizer.momentum = 0.5", one.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_that_a_stage_left_behind_are_not_missing()
    {
        Json("run", program.Pipeline(Pipelines.Quadratic("""
            { "axes": { "optimizer.momentum": [0, 0.5, 0.9] }, "metric": "test-loss", "compare": { "delta": 0.001 },
              "stages": [{ "name": "screen", "seeds": 1, "keep": 2 }, { "name": "confirm", "seeds": 3 }] }
            """)), "--quiet");
        var compared = program.Run("compare", "small", "--output", program.Runs);

        Assert.Equal((0, ""), (compared.ExitCode, compared.Error));
    }

    [Fact]
    public void A_sweep_that_is_named_from_within_the_folder_of_runs_lies_in_it()
    {
        var folder = SweepRuns.FolderOf(Path.Combine("small", "sweep-0123", "sweep.json"));

        Assert.Equal((Environment.CurrentDirectory, Path.GetFullPath(Path.Combine("small", "sweep-0123"))), (folder.Output, folder.FullPath));
    }

    [Fact]
    public void A_sweep_by_validation_accuracy_has_it_in_its_table_its_rungs_and_its_ledger()
    {
        var file = program.Pipeline("""
            {
              "name": "small", "dataset": { "type": "glyphs", "train": 300, "test": 100 }, "model": "softmax-regression",
              "optimizer": { "type": "sgd", "learningRate": 0.01 },
              "workers": { "count": 2, "batchSize": 16, "compute": { "type": "gamma", "meanMs": 10 } },
              "stop": { "epochs": 2 }, "evaluation": { "sets": { "validation": { "folds": 3, "fold": 0 } } },
              "sweep": {
                "axes": { "optimizer.learningRate": [0.0001, 0.05], "evaluation.sets.validation.fold": [0, 1, 2] }, "metric": "validation-accuracy",
                "search": { "type": "successive-halving", "epochs": [1], "keep": 2, "finish": 1 }
              }
            }
            """);
        Json("run", file, "--quiet");

        // Runs as short as these are mostly over before anybody sees them pass the mark. One that is seen
        // pauses there, and goes on, if it does, in a folder of its own.
        var runs = Directory.GetFiles(Path.Combine(program.Runs, "small"), "run.json", SearchOption.AllDirectories)
            .Select(path => JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("summary"))
            .Where(summary => summary.GetProperty("status").GetString() == "completed").Select(summary => summary.GetProperty("validationAccuracy").GetDouble())
            .Order().ToList();
        var sweep = Directory.GetDirectories(Path.Combine(program.Runs, "small"), "sweep-*").Single();
        var table = File.ReadAllLines(Path.Combine(sweep, "table.csv"));
        var ledger = File.ReadAllLines(Directory.GetFiles(program.Folder, "small.csv", SearchOption.AllDirectories).Single());

        Assert.Equal(6, runs.Count);
        Assert.Contains("validationAccuracy", File.ReadAllText(Path.Combine(sweep, "sweep.json")), StringComparison.Ordinal);
        Assert.Contains("validationAccuracy", File.ReadAllText(Path.Combine(sweep, "table.json")), StringComparison.Ordinal);
        Assert.Equal(7, table.Length);
        Assert.EndsWith(",validationAccuracy,validationLoss", ledger[0], StringComparison.Ordinal);
        Assert.Equal(runs, ledger.Skip(1).Select(row => double.Parse(row.Split(',')[^2], System.Globalization.CultureInfo.InvariantCulture)).Order());
        var compared = Json("compare", "small", "--metric", "validation-accuracy", "--by", "optimizer.learningRate");
        Assert.Contains("validation accuracy", compared.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_that_differ_in_an_averaged_axis_only_are_one_row_with_the_mean_of_each_seed()
    {
        var file = program.Pipeline("""
            {
              "name": "small", "dataset": { "type": "glyphs", "train": 300, "test": 100 }, "model": "softmax-regression",
              "optimizer": { "type": "sgd", "learningRate": 0.05 },
              "workers": { "count": 2, "batchSize": 16, "compute": { "type": "gamma", "meanMs": 10 } },
              "stop": { "epochs": 2 }, "evaluation": { "sets": { "validation": { "folds": 3, "fold": 0 } } },
              "sweep": {
                "axes": { "evaluation.sets.validation.fold": [0, 1, 2], "optimizer.learningRate": [0.0001, 0.05] }, "metric": "validation-accuracy",
                "average": ["evaluation.sets.validation.fold"], "seeds": 2
              }
            }
            """);
        var swept = Json("run", file, "--quiet");
        var rows = swept.GetProperty("table").GetProperty("cells").EnumerateArray()
            .ToDictionary(row => Text(row.GetProperty("values"), "optimizer.learningRate"));
        var ledger = File.ReadAllLines(Directory.GetFiles(program.Folder, "small.csv", SearchOption.AllDirectories).Single())
            .Skip(1).Select(line => line.Split(','));
        double[] means = [.. ledger.Where(run => run[12] == "0").GroupBy(run => run[2]).OrderBy(seed => seed.Key).Select(
            seed => seed.Average(run => double.Parse(run[^2], System.Globalization.CultureInfo.InvariantCulture)))];

        Assert.Equal(["0.0001", "0.05"], rows.Keys);
        Assert.Equal((0, 2, 2, 0), (
            rows["0.0001"].GetProperty("n").GetInt32(), rows["0.0001"].GetProperty("noConvergence").GetProperty("count").GetInt32(),
            rows["0.05"].GetProperty("n").GetInt32(), rows["0.05"].GetProperty("noConvergence").GetProperty("count").GetInt32()));
        Assert.Equal(means.Average(), rows["0.05"].GetProperty("mean").GetDouble(), 1e-12);
        Assert.Equal((means.Min(), means.Max()), (
            rows["0.05"].GetProperty("range").GetProperty("low").GetDouble(), rows["0.05"].GetProperty("range").GetProperty("high").GetDouble()));
        Assert.Contains("with its mean over evaluation.sets.validation.fold", Text(swept.GetProperty("table"), "caption"), StringComparison.Ordinal);
        Assert.Contains("each with its mean over", File.ReadAllText(Text(swept, "report")), StringComparison.Ordinal);

        var compared = Json("compare", "small", "--metric", "validation-accuracy");
        Assert.Equal(swept.GetProperty("comparisons").GetProperty("comparisons")[0].GetRawText(), compared.GetProperty("comparisons")[0].GetRawText());
        Assert.Contains("(12 runs,", Text(compared, "paragraph"), StringComparison.Ordinal);
        Assert.Contains("2 of 4 means did not converge", Text(compared, "paragraph"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_that_is_crossed_with_levels_of_a_stream_counts_once_in_the_table_as_in_the_comparison()
    {
        var file = program.Pipeline(Pipelines.Quadratic($$"""{ {{Rates}}, "seeds": 2, "factors": { "compute": 2 } }"""));
        var table = Json("run", file, "--quiet").GetProperty("table");
        var compared = Json("compare", "small", "--metric", "test-loss", "--delta", "0.001").GetProperty("table").GetProperty("cells");

        Assert.Contains("Each seed counts once, with its mean over compute", Text(table, "caption"), StringComparison.Ordinal);
        Assert.All(table.GetProperty("cells").EnumerateArray().Zip(compared.EnumerateArray()), pair =>
        {
            Assert.Equal(2, pair.First.GetProperty("n").GetInt32());
            Assert.Equal(pair.Second.GetProperty("interval95").GetRawText(), pair.First.GetProperty("interval95").GetRawText());
        });
    }

    [Fact]
    public void Of_a_sweep_whose_runs_are_gone_the_ledger_tells_the_same()
    {
        var file = program.Pipeline(Pipelines.Quadratic($$"""{ {{Rates}}, "seeds": 6 }"""));
        Json("run", file, "--quiet");
        var before = Json("compare", "small", "--metric", "test-loss", "--delta", "0.001");
        foreach (var run in Directory.GetDirectories(Path.Combine(program.Runs, "small")).Where(
            folder => !Path.GetFileName(folder).StartsWith("sweep-", StringComparison.Ordinal)))
        {
            Directory.Delete(run, recursive: true);
        }

        Directory.Delete(Path.Combine(program.Runs, ".sweeps"), recursive: true);
        Assert.Equal(
            before.GetProperty("comparisons").GetRawText(),
            Json("compare", "small", "--metric", "test-loss", "--delta", "0.001").GetProperty("comparisons").GetRawText());
    }

    [Fact]
    public void Seeds_are_added_until_the_comparison_is_decided_and_their_cost_is_told_before()
    {
        var file = program.Pipeline(Pipelines.Quadratic(
            $$"""{ {{Rates}}, "seeds": { "from": 5, "to": 12, "until": "decided" }, "compare": { "delta": 0.001 } }"""));
        var ended = program.Run("run", file, "--json", "--output", program.Runs);
        var swept = JsonDocument.Parse(ended.Output).RootElement;
        var verdict = swept.GetProperty("comparisons").GetProperty("comparisons")[0];
        var seeds = verdict.GetProperty("seeds").GetInt32();

        Assert.Contains("Forecast for one comparison of 1: seeds until decided, 5 to 12", ended.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal("a-better", Text(verdict, "verdict"));
        Assert.InRange(seeds, 5, 11);
        Assert.Equal(2 * seeds, swept.GetProperty("done").GetInt32());
        Assert.Equal([$"fast against slow: fast is better after {seeds} seeds."], swept.GetProperty("decisions").EnumerateArray().Select(d => d.GetString()));

        var compared = Json("compare", "small", "--metric", "test-loss");
        Assert.Equal(verdict.GetRawText(), compared.GetProperty("comparisons")[0].GetRawText());
        Assert.Contains("until a comparison was decided by e-values", Text(compared, "paragraph"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_anatomy_of_a_fraction_names_its_factors()
    {
        var file = program.Pipeline(
            Pipelines.Quadratic("""{ "factors": { "init": 3, "partition": 3, "batches": 3, "compute": 3 }, "crossing": "fraction" }"""));
        Assert.Equal(27, Json("run", file, "--quiet").GetProperty("done").GetInt32());
        var anatomy = Json("anatomy", "small", "--metric", "test-loss")[0];

        Assert.Equal(["batches", "compute", "init", "partition"], anatomy.GetProperty("factors").EnumerateArray().Select(f => f.GetString()));
        Assert.Equal((27, 11), (anatomy.GetProperty("n").GetInt32(), anatomy.GetProperty("components").GetArrayLength()));
        Assert.Contains("27 of 81 combinations", Text(anatomy, "caption"), StringComparison.Ordinal);
    }

    private JsonElement Json(string command, string operand, params string[] more)
    {
        var ended = program.Run([command, operand, "--json", "--output", program.Runs, .. more]);
        Assert.True(ended.ExitCode == 0, $"{command}: exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return JsonDocument.Parse(ended.Output).RootElement;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}

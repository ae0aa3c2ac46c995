using System.Text.Json;
using Orchestrator.Host.Tests;

namespace Orchestrator.Analyzers.Tests;

/// <summary><c>analyze</c> as a process, on runs of the program.</summary>
public sealed class AnalyzeCommandTests : IDisposable
{
    private const string Small = """
        {
          "name": "small",
          "dataset": { "type": "glyphs", "train": 400, "test": 100 },
          "model": "softmax-regression",
          "optimizer": { "type": "sgd", "learningRate": 0.05 },
          "partitioner": "split-dataset",
          "workers": { "count": 5, "batchSize": 16, "compute": { "type": "gamma", "meanMs": 10 } },
          "stop": { "updates": 600 },
          "evaluation": { "everyUpdates": 60 }
        }
        """;

    private const string Slow = """workers.overrides=[{ "workers": [3], "compute": { "type": "gamma", "meanMs": 30 } }]""";

    private readonly Cli cli = new();

    [Fact]
    public void ARunWithASlowWorker_IsToldSo_WithItsPlace()
    {
        cli.RunJson(cli.Pipeline(Small), 0, "--set", Slow);
        var ended = cli.Run("analyze", "small", "--json");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var finding = Assert.Single(Findings(ended.Output), f => f.GetProperty("name").GetString() == "slow-worker");
        Assert.Equal(("stragglers", "worker 3", "warning"), (Text(finding, "analyzer"), Text(finding, "subject"), Text(finding, "grade")));
        var place = finding.GetProperty("place");
        var row = File.ReadLines(Path.Combine(cli.Runs, Text(place, "run"), Text(place, "file"))).ElementAt(place.GetProperty("line").GetInt32() - 1);
        Assert.Equal("3", row.Split(',')[2]);
    }

    [Theory]
    [InlineData("workers.absent=[1, 4]")]
    [InlineData("workers.overlapPulls=true")]
    public void WorkersThatAreAbsent_OrPullAhead_AreNoFault(string set)
    {
        cli.RunJson(cli.Pipeline(Small), 0, "--set", set);
        var ended = cli.Run("analyze", "small", "--json");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.DoesNotContain(Findings(ended.Output), f => Text(f, "name") is "slow-worker" or "staleness-off-model" or "unfair-share");
    }

    [Fact]
    public void TwoAnalyses_AreEqualToTheByte_WhateverTheThreads()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            cli.RunJson(cli.Pipeline(Small), 0, "--set", $"seed={seed}");
        }

        var one = cli.Run("analyze", "small", "--json", "--threads", "1");
        var four = cli.Run("analyze", "small", "--json", "--threads", "4");

        Assert.Equal(one.Output, four.Output);
        Assert.Equal(3, JsonDocument.Parse(one.Output).RootElement.GetProperty("runs").GetInt32());
        Assert.DoesNotContain(Findings(one.Output), f => Text(f, "grade") is "error" or "warning" or "hint");
    }

    [Fact]
    public void ASweep_IsAnalyzedByItsAxes_AndFindingsAreForPeopleToo()
    {
        var ended = cli.Run("run", cli.Pipeline(Small), "--quiet", "--axis", "optimizer.learningRate=0.01,2000", "--seeds", "1..2");
        Assert.True(ended.ExitCode == 0, ended.Error);
        ended = cli.Run("analyze", "small", "--only", "convergence");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("4 runs, ", ended.Output);
        Assert.Contains("hint loss-surge", ended.Output);
        Assert.Contains("control: Pushes computed before any update", ended.Output);
    }

    [Fact]
    public void TheSummaryOfARun_SaysWhatIsAgainstIt_AndNothingOfACleanOne()
    {
        var slow = cli.Run("run", cli.Pipeline(Small), "--quiet", "--set", Slow);
        Assert.True(slow.ExitCode == 0, slow.Error);
        Assert.Contains("warning        slow-worker: Worker 3 takes", slow.Output);
        var clean = cli.Run("run", cli.Pipeline(Small), "--quiet");
        Assert.DoesNotContain("updates.csv:", clean.Output);
    }

    [Fact]
    public void FindingsHaveOneFormat_InARunsSummary_ASweepsAndAnalyze()
    {
        var run = cli.Run("run", cli.Pipeline(Small), "--quiet", "--no-report", "--json", "--set", Slow);
        var sweep = cli.Run("run", cli.Pipeline(Small), "--quiet", "--no-report", "--json", "--set", Slow, "--seeds", "1..2");
        var analyzed = cli.Run("analyze", "small", "--json");

        var told = Findings(run.Output).Select(f => f.GetRawText()).ToList();
        Assert.Contains(told, text => text.Contains("slow-worker", StringComparison.Ordinal));
        Assert.Subset(Findings(analyzed.Output).Select(f => f.GetRawText()).ToHashSet(), told.ToHashSet());
        Assert.Equal(2, Findings(sweep.Output).Count(f => Text(f, "name") == "slow-worker"));
        Assert.Subset(Findings(sweep.Output).Select(f => f.GetRawText()).ToHashSet(), told.ToHashSet());
    }

    [Fact]
    public void WhatASweepsLedgerKnows_StillCounts_WhereTheFoldersAreGone()
    {
        string[] ask = ["analyze", "small", "--only", "factors", "--set", "factors.fewestRuns=12", "--json"];
        var ended = cli.Run("run", cli.Pipeline(Small), "--quiet", "--no-report", "--axis", "optimizer.learningRate=0.0005,0.005,0.05", "--seeds", "1..5");
        Assert.True(ended.ExitCode == 0, ended.Error);
        var whole = Assert.Single(Findings(cli.Run(ask).Output), f => Text(f, "name") == "factors-model");

        foreach (var folder in Directory.GetDirectories(Path.Combine(cli.Runs, "small"), "*-1"))
        {
            Directory.Delete(folder, recursive: true);
        }

        var left = cli.Run(ask);
        var model = Assert.Single(Findings(left.Output), f => Text(f, "name") == "factors-model");
        Assert.Equal(whole.GetProperty("number").GetDouble(), model.GetProperty("number").GetDouble());
        Assert.Equal("small.csv", Text(model.GetProperty("place"), "file"));
        Assert.Contains("the folders of 15 runs", left.Error);
        Assert.Equal(15, JsonDocument.Parse(left.Output).RootElement.GetProperty("runs").GetInt32());
    }

    [Fact]
    public void AWorkersHarm_IsFoundByTrainingAgain_OnceAndBesideTheRun()
    {
        string[] ask = ["analyze", "small", "--only", "stragglers", "--set", "stragglers.counterfactual=slow", "--json"];
        var folder = cli.RunJson(cli.Pipeline(Small), 0, "--set", Slow).GetProperty("folder").GetString()!;
        var before = Contents(folder);

        var (first, second) = (cli.Run(ask), cli.Run(ask));

        var harm = Assert.Single(Findings(first.Output), f => Text(f, "name") == "worker-harm");
        Assert.Equal(("worker 3", "points", true), (Text(harm, "subject"), Text(harm, "unit"), harm.GetProperty("control").GetProperty("holds").GetBoolean()));
        Assert.Equal(80, harm.GetProperty("details").GetProperty("samplesLost").GetInt32());
        Assert.Equal(first.Output, second.Output);
        Assert.Equal(before, Contents(folder));
        var kept = Directory.GetDirectories(Path.Combine(cli.Runs, ".counterfactuals", "small"));
        Assert.Equal(5, kept.Length);
        Assert.All(kept, run => Assert.EndsWith("-1", run));
        Assert.Equal(1, JsonDocument.Parse(first.Output).RootElement.GetProperty("runs").GetInt32());
    }

    [Fact]
    public void WhereWorkersWaitForEachOther_NobodyIsLeftOut_AndThatIsSaid()
    {
        cli.RunJson(cli.Pipeline(Small), 0, "--set", Slow, "--set", "consistency=bulk-synchronous");
        var ended = cli.Run("analyze", "small", "--only", "stragglers", "--set", "stragglers.counterfactual=slow", "--json");

        var harm = Assert.Single(Findings(ended.Output), f => Text(f, "name") == "worker-harm");
        Assert.Equal("inconclusive", Text(harm, "grade"));
        Assert.Contains("its workers wait for each other", Text(harm, "sentence"));
    }

    [Fact]
    public void MistakesAreShownAtOnce()
    {
        var ended = cli.Run("analyze", "nothing", "--only", "straglers", "--set", "stagglers.ratio=2");

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("there is no analyzer 'straglers'", ended.Error);
        Assert.Contains("did you mean 'stragglers'?", ended.Error);
        Assert.Contains("there is no analyzer 'stagglers'", ended.Error);
        Assert.Contains("nothing: no such run", ended.Error);
    }

    [Fact]
    public void AnOptionOutOfRange_IsAMistake()
    {
        cli.RunJson(cli.Pipeline(Small), 0);
        var ended = cli.Run("analyze", "small", "--set", "stragglers.ratio=1");

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("stragglers.ratio: 1 is out of range", ended.Error);
    }

    [Fact]
    public void ADamagedRecord_IsAWarning_AndWhatWasReadHolds()
    {
        var summary = cli.RunJson(cli.Pipeline(Small), 0);
        var file = Path.Combine(summary.GetProperty("folder").GetString()!, "updates.csv");
        var rows = File.ReadAllLines(file);
        rows[500] = "eaten";
        File.WriteAllLines(file, rows);
        var ended = cli.Run("analyze", "small");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("updates.csv:501: no row of this file", ended.Error);
        Assert.Contains("throughput", ended.Output);
    }

    public void Dispose() => cli.Dispose();

    private static Dictionary<string, string> Contents(string folder) => Directory.GetFiles(folder).ToDictionary(file => file, File.ReadAllText);

    private static IEnumerable<JsonElement> Findings(string output) => JsonDocument.Parse(output).RootElement.GetProperty("findings").EnumerateArray();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}

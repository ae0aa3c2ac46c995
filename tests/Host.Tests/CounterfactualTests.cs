using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>
/// Another rule on a recorded run's schedule; pipelines that name one; durations as a trace.
/// </summary>
public sealed class CounterfactualTests : IDisposable
{
    private static readonly string[] Timeline =
        ["event", "pullEvent", "worker", "gradient", "batch", "samples", "decision", "versionPulled", "version", "staleness", "pulledAtNs", "arrivedAtNs"];

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("virtual", "optimizer.type=dana-zero")]
    [InlineData("wall", """optimizer.corrections=["gap-aware"]""", "optimizer.weightDecay=0.001", """optimizer.schedules=[{"type":"cosine","epochs":1}]""")]
    [InlineData("wall", """workers.rule={"type":"one-bit"}""")]
    public void AnotherRule_MeetsTheSamePullsArrivalsAndBatches(string clock, params string[] sets)
    {
        var original = program.RunJson(
            program.Pipeline(Pipelines.Small), 0, "--set", $"clock={clock}", "--set", "stop.updates=60", "--set", "evaluation.everyUpdates=20");

        var report = Replay(original, 0, sets);

        var changed = report.GetProperty("summary");
        Assert.Equal(Columns(original, Timeline), Columns(changed, Timeline));
        Assert.False(report.GetProperty("isSame").GetBoolean());
        Assert.NotEqual(JsonValueKind.Null, report.GetProperty("firstDifference").ValueKind);
        Assert.Equal([0, 20, 40, 60], report.GetProperty("evaluations").EnumerateArray().Select(e => e.GetProperty("version").GetInt64()));
        Assert.Equal(original.GetProperty("testLoss").GetDouble(), report.GetProperty("evaluations")[3].GetProperty("originalTestLoss").GetDouble());
        Assert.Equal(changed.GetProperty("testLoss").GetDouble(), report.GetProperty("evaluations")[3].GetProperty("testLoss").GetDouble());
        Assert.Equal($"small/{Path.GetFileName(Folder(original))}", changed.GetProperty("schedule").GetString());
        var source = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(changed), "run.json"))).RootElement.GetProperty("run").GetProperty("schedule");
        Assert.Equal((Folder(original), 60), (source.GetProperty("folder").GetString(), source.GetProperty("pushes").GetInt32()));

        // It is a run like any other: it replays from its own record, without the original.
        Directory.Delete(Folder(original), recursive: true);
        Assert.Equal("exact", JsonDocument.Parse(Run(0, "verify", Folder(changed), "--json", "--quiet").Output).RootElement.GetProperty("verdict").GetString());
    }

    [Fact]
    public void DurationsThatCannotBeRead_LeaveNoFile()
    {
        var original = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=20");
        File.AppendAllText(Path.Combine(Folder(original), "updates.csv"), "no row\n");
        var trace = Path.Combine(program.Folder, "trace.csv");

        Run(1, "runs", "export-delays", Folder(original), "--file", trace);
        Assert.Empty(Directory.GetFiles(program.Folder, "trace.csv*"));
    }

    [Fact]
    public void WithoutAWorker_ItsPartitionIsLost_AndTheRunReplaysWithoutTheOriginal()
    {
        var original = program.RunJson(
            program.Pipeline(Pipelines.Small), 0, "--set", "clock=wall", "--set", "stop.updates=60", "--set", "partitioner=split-dataset");

        var changed = Replay(original, 0, "workers.absent=[1]").GetProperty("summary");

        Assert.DoesNotContain("1", Columns(changed, ["worker"]));
        Assert.Contains(
            changed.GetProperty("notes").EnumerateArray(),
            note => note.GetString()!.Contains("training samples are lost with workers that are absent: 1", StringComparison.Ordinal));
        Directory.Delete(Folder(original), recursive: true);
        Assert.Equal("exact", JsonDocument.Parse(Run(0, "verify", Folder(changed), "--json", "--quiet").Output).RootElement.GetProperty("verdict").GetString());
    }

    [Fact]
    public void AChangeWithoutEffect_IsSaidToHaveNone()
    {
        var original = program.RunJson(
            program.Pipeline(Pipelines.Small), 0, "--set", "clock=wall", "--set", "stop.updates=40", "--set", "consistency={\"type\":\"k-sync\",\"k\":3}");

        var report = Replay(original, 0, "optimizer.corrections=[{\"type\":\"delay-compensation\",\"lambda\":0}]");

        Assert.True(report.GetProperty("isSame").GetBoolean());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("firstDifference").ValueKind);
        Assert.Equal(original.GetProperty("digest").GetString(), report.GetProperty("summary").GetProperty("digest").GetString());
    }

    [Fact]
    public void ARuleThatDiverges_EndsItsRun_AndTheScheduleOfADivergedRunCanBeFollowed()
    {
        var original = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "clock=wall", "--set", "stop.updates=60");
        var diverged = Replay(original, 0, "optimizer.learningRate=1e6").GetProperty("summary");
        Assert.Equal("diverged", diverged.GetProperty("status").GetString());

        var tame = Replay(diverged, 0, "optimizer.learningRate=0.01").GetProperty("summary");

        Assert.Equal("completed", tame.GetProperty("status").GetString());
        Assert.Equal(File.ReadLines(Path.Combine(Folder(diverged), "updates.csv")).Count(), File.ReadLines(Path.Combine(Folder(tame), "updates.csv")).Count());
    }

    [Fact]
    public void WhatACounterfactualKeeps_CannotBeSet()
    {
        var original = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5");

        var error = Run(64, "replay", Folder(original), "--set", "workers.count=3", "--set", "seed=4").Error;

        Assert.Contains("seed, workers.count: a counterfactual keeps what the recorded run had; only optimizer", error);
        Assert.Contains(
            "batches per push (workers.rule) 1, and this pipeline has 10", Run(64, "replay", Folder(original), "--set", "workers.rule.type=local-steps").Error);
        Assert.Contains("there is no optimizer plugin 'dana-zer'", Run(64, "replay", Folder(original), "--set", "optimizer.type=dana-zer").Error);
    }

    [Fact]
    public void APipelineThatNamesASchedule_FollowsIt()
    {
        var original = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "clock=wall", "--set", "stop.updates=40");
        var path = Path.GetRelativePath(program.Folder, Folder(original));
        var file = program.Pipeline(
            $$"""{ "extends": "test.json", "name": "followed", "clock": "wall", "seed": 9, "model": "softmax-regression", """
                + $$""" "schedule": "{{path}}", "workers": { "compute": null } }""",
            "followed.json");

        var followed = program.RunJson(file, 0);
        var overHosts = program.RunJson(file, 0, "--set", "transport.type=shared-memory", "--hosts", "2");

        Assert.Equal(Columns(original, Timeline), Columns(followed, Timeline));
        Assert.Equal(followed.GetProperty("digest").GetString(), overHosts.GetProperty("digest").GetString());
    }

    [Fact]
    public void AScheduleThatDoesNotFit_IsAMistakeOfThePipeline()
    {
        var original = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5");
        var path = Path.GetRelativePath(program.Folder, Folder(original));
        var file = program.Pipeline(
            $$"""{ "extends": "test.json", "clock": "wall", "consistency": "bulk-synchronous", "schedule": "{{path}}", """
                + """ "dataset": { "type": "glyphs", "train": 600 }, "workers": { "count": 3, "batchSize": 8 } }""", "other.json");

        var error = Run(64, "validate", file).Error;

        Assert.All(
            ["clock virtual", "consistency {\"type\":\"asynchronous\"}", "dataset {", "workers.count 6", "workers.batchSize 16"],
            part => Assert.Contains(part, error));
        Assert.Contains("other.json:1:", error);
        Assert.Contains("is no run folder", Run(64, "run", program.Pipeline(Pipelines.Small), "--set", "schedule=nowhere").Error);

        var updates = Path.Combine(Folder(original), "updates.csv");
        File.WriteAllText(updates, File.ReadAllText(updates) + "7,1,99,0,0\n");
        Assert.Contains("no row of this file", Run(64, "run", program.Pipeline(Pipelines.Small), "--set", $"schedule={path}").Error);
    }

    [Theory]
    [InlineData("asynchronous")]
    [InlineData("k-sync")]
    [InlineData("absent")]
    [InlineData("never arrives")]
    public void ExportedDelays_MakeTheSameRun(string consistency)
    {
        var file = program.Pipeline(Pipelines.Small);
        var model = consistency switch
        {
            "k-sync" => "consistency={\"type\":\"k-sync\",\"k\":3}",
            "absent" => "workers.absent=[1]",
            "never arrives" => "workers.overrides=[{\"workers\":[0],\"delay\":{\"type\":\"constant\",\"ms\":100000}}]",
            _ => "consistency=asynchronous",
        };
        var original = program.RunJson(file, 0, "--set", "stop.updates=60", "--set", model);
        var trace = Path.Combine(program.Folder, "trace.csv");

        Run(0, "runs", "export-delays", Folder(original), "--file", trace);
        var traced = program.RunJson(
            file, 0, ["--set", "stop.updates=60", .. consistency == "never arrives" ? [] : new[] { "--set", model }, "--set", $"workers.compute={{\"type\":\"trace\",\"file\":\"{trace}\"}}"]);

        Assert.Equal("worker,milliseconds", File.ReadLines(trace).First());
        Assert.Equal(original.GetProperty("digest").GetString(), traced.GetProperty("digest").GetString());
    }

    private static string Folder(JsonElement summary) => summary.GetProperty("folder").GetString()!;

    private static List<string> Columns(JsonElement summary, string[] columns)
    {
        var rows = File.ReadAllLines(Path.Combine(Folder(summary), "updates.csv"));
        var places = columns.Select(c => Array.IndexOf(rows[0].Split(','), c)).ToArray();
        return [.. rows.Select(row => row.Split(',')).Select(fields => string.Join(',', places.Select(p => fields[p])))];
    }

    private JsonElement Replay(JsonElement run, int expectedExit, params string[] sets) =>
        JsonDocument.Parse(Run(
            expectedExit,
            ["replay", Folder(run), "--json", "--quiet", "--output", program.Runs, .. sets.SelectMany(s => new[] { "--set", s })]).Output).RootElement;

    private Cli.Ended Run(int expectedExit, params string[] arguments)
    {
        var ended = program.Run(arguments);
        Assert.True(ended.ExitCode == expectedExit, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended;
    }
}

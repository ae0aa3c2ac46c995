using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs.Tests;

/// <summary>
/// Real training, recorded and run again: everything is the same, or the first difference is named.
/// </summary>
public sealed class ReplayTests : IDisposable
{
    private const string Wall = "clock=wall";
    private const string DanaZero = """optimizer={"type":"dana-zero","momentum":0.9,"learningRate":0.01,"corrections":["gap-aware"]}""";
    private const string Fingerprint = "\"datasetFingerprint\": \"";
    private const string PlainSgd = """optimizer={"type":"sgd","learningRate":0.01}""";

    private readonly Laboratory laboratory = new();

    public void Dispose() => laboratory.Dispose();

    [Theory]
    [InlineData]
    [InlineData(Wall)]
    [InlineData(Wall, DanaZero, "workers.overlapPulls=true")]
    [InlineData(Wall, "stop.updates=40", """consistency={"type":"k-sync","k":3}""", """workers.rule={"type":"dana-slim","momentum":0.9}""", PlainSgd)]
    [InlineData(Wall, """consistency={"type":"buffered","size":3}""", "stop.updates=50")]
    [InlineData(Wall, """consistency={"type":"stale-synchronous","slack":2}""")]
    [InlineData(Wall, """workers.rule={"type":"top-k","ratio":0.05}""", PlainSgd)]
    [
        InlineData(Wall, """workers.rule={"type":"local-steps","steps":3,"push":"parameters"}""", """optimizer={"type":"easgd","learningRate":0.01}""",
            "stop.updates=60")]
    [InlineData(Wall, """stop={"passes":2}""", """consistency={"type":"k-sync","k":3}""")]
    [InlineData(Wall, """stop={"seconds":0.4}""", """evaluation={"everySeconds":0.1}""")]
    [InlineData(Wall, "optimizer.learningRate=1e6")]
    [InlineData(Wall, """evaluation.sets={"train":true,"validation":{"share":0.2}}""", "evaluation.perClass=true")]
    public void ARun_IsReplayedBitForBit(params string[] sets)
    {
        var run = Small(sets);

        var report = laboratory.Verify(run.Folder);

        Assert.Equal("exact", report.Verdict);
        Assert.Null(report.Difference);
        Assert.Equal(Rows(run, "updates.csv").Length - 1, report.Pushes);
        Assert.Equal(Rows(run, "evaluations.csv").Length - 1, report.Evaluations);
    }

    [Theory]
    [InlineData("virtual", "pullEvent", "samples", "staleness", "pulledAtNs", "arrivedAtNs", "learningRate")]
    [InlineData("wall", "event", "worker", "gradient", "decision", "version", "gapRms", "loss")]
    public void AChangedValue_IsFoundAtItsEvent(string clock, params string[] columns) => FindsChanges(clock, _ => columns);

    [Theory(Explicit = true)]
    [Trait("Slow", "true")]
    [InlineData("virtual")]
    [InlineData("wall", "pulledAtNs", "arrivedAtNs")]
    public void AChangedValueOfAnyColumn_IsFoundAtItsEvent(string clock, params string[] copied) =>
        FindsChanges(clock, header => header.Split(',')[..^2].Except(copied));

    private void FindsChanges(string clock, Func<string, IEnumerable<string>> columns)
    {
        var run = Small($"clock={clock}", "stop.updates=12", "evaluation.everyUpdates=5", """consistency={"type":"k-sync","k":3}""");
        var rows = Rows(run, "updates.csv");
        var line = Array.FindIndex(rows, 20, row => row.Contains(",applied,", StringComparison.Ordinal));
        foreach (var column in columns(rows[0]))
        {
            var changed = Change(run, rows, line, column);

            var difference = FirstDifference(run);

            Assert.True(
                difference.Line == line + 1 || difference.ToString().Contains($"updates.csv:{line + 1}: event {changed[0]}", StringComparison.Ordinal),
                $"{column}: {difference}");
        }
    }

    [Fact]
    public void AChangedTimeOfTheWallClock_ShowsInTheDigest()
    {
        // It is copied, for nothing can make it again.
        var run = Small(Wall, "stop.updates=12");
        Change(run, Rows(run, "updates.csv"), 6, "arrivedAtNs");

        Assert.Equal("summary.digest", FirstDifference(run).Column);
    }

    [Fact]
    public void WhatElseIsChangedInAFolder_IsFound()
    {
        var run = Small(Wall, "stop.updates=12", """evaluation={"everyUpdates":5,"perClass":true}""");

        Changed(
            run, "evaluations.csv", text => text.Replace(Rows(run, "evaluations.csv")[2].Split(',')[4], "1.5", StringComparison.Ordinal), "evaluations.csv",
            "testLoss");
        Changed(
            run, "confusions.csv", text => text.Replace(Rows(run, "confusions.csv")[13], Rows(run, "confusions.csv")[13] + "1", StringComparison.Ordinal),
            "confusions.csv", "predictedCounts");
        Changed(run, "partitions.csv", text => text.Replace("0,200,", "0,201,", StringComparison.Ordinal), "partitions.csv", "");
        Changed(run, "run.json", text => text.Replace("\"updates\": 12", "\"updates\": 13", StringComparison.Ordinal), "run.json", "summary.updates");
        Changed(run, "updates.csv", text => text[..(text.TrimEnd('\n').LastIndexOf('\n') + 1)], "evaluations.csv", "event");
        Changed(run, "updates.csv", text => text + text.Split('\n')[^2] + "\n", "updates.csv", "");
        Changed(run, "updates.csv", text => text.Replace(Rows(run, "updates.csv")[6], "no row", StringComparison.Ordinal), run.Folder, "");
        File.WriteAllBytes(Path.Combine(run.Folder, "parameters.safetensors"), FlipLastBit(run));
        Assert.StartsWith("f", FirstDifference(run).Column, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeReplayed_IsRefused()
    {
        var run = Small("stop.updates=5");
        var document = Path.Combine(run.Folder, "run.json");
        var text = File.ReadAllText(document);

        File.WriteAllText(document, text.Replace(Fingerprint, Fingerprint + "0", StringComparison.Ordinal));
        Assert.Contains("the data's fingerprint was 0", Refusal(run.Folder));
        File.WriteAllText(document, text);
        var pipeline = Path.Combine(run.Folder, "pipeline.json");
        var was = File.ReadAllText(pipeline);
        File.WriteAllText(pipeline, was.Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal));
        Assert.Contains("the pipeline's id was", Refusal(run.Folder));
        File.WriteAllText(pipeline, """{ "dataset": 1 """);
        Assert.Contains("pipeline.json", Refusal(run.Folder));
        File.WriteAllText(pipeline, was);
        File.WriteAllText(document, "[]");
        Assert.Contains("run.json", Refusal(run.Folder));
        Assert.Contains("no such run", Refusal("feed"));
    }

    [Theory]
    [InlineData("evaluation={\"everyUpdates\":1000000,\"atStart\":false}")]
    [InlineData(Wall, "evaluation={\"everyUpdates\":1000000,\"atStart\":false,\"perClass\":true}")]
    public void AnInterruptedRun_ThatLeftAnEvaluationOut_IsReplayedBitForBit(params string[] sets)
    {
        var run = Stopped(sets);
        Assert.Single(Rows(run, "evaluations.csv"));

        var report = laboratory.Verify(run.Folder);
        Assert.Equal(("exact", true, null), (report.Verdict, report.IsWhole, report.Difference));
    }

    [Fact]
    public void AnEvaluationThatAnInterruptedRunMade_AndIsLost_IsFound()
    {
        var run = Stopped("evaluation.everyUpdates=20");
        var rows = Rows(run, "evaluations.csv");
        File.WriteAllLines(Path.Combine(run.Folder, "evaluations.csv"), [.. rows[..2], .. rows[3..]]);

        Assert.Equal("summary.digest", FirstDifference(run).Column);
    }

    [Fact]
    public void ARunWhoseFileHoldsSomethingElse_IsNeitherVerifiedNorChanged()
    {
        var start = Path.Combine(laboratory.Folder, "start.safetensors");
        File.Copy(Path.Combine(Small("stop.updates=5").Folder, "parameters.safetensors"), start);
        var run = Small("stop.updates=10", $"initial.from={start}");
        Assert.Equal("exact", laboratory.Verify(run.Folder).Verdict);
        File.Copy(Path.Combine(Small("stop.updates=6").Folder, "parameters.safetensors"), start, overwrite: true);

        const string Expected = "a file that the pipeline names holds something else";
        Assert.Contains(Expected, Refusal(run.Folder));
        Assert.Contains(Expected, Assert.Throws<RunRefusedException>(() => laboratory.Change(run.Folder, "optimizer.learningRate=0.001")).Message);
    }

    private static string Next(string value) => long.TryParse(value, out var whole)
        ? (whole + 1).ToString(CultureInfo.InvariantCulture)
        : BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(double.Parse(value, CultureInfo.InvariantCulture)) + 1)
            .ToString("R", CultureInfo.InvariantCulture);

    private static string[] Rows(RunSummary run, string file) => File.ReadAllLines(Path.Combine(run.Folder, file));

    // Writes the log with one value changed; returns that row.
    private static string[] Change(RunSummary run, string[] rows, int line, string column)
    {
        var fields = rows[line].Split(',');
        var place = Array.IndexOf(rows[0].Split(','), column);
        fields[place] = column == "decision" ? "dropped" : Next(fields[place]);
        File.WriteAllLines(Path.Combine(run.Folder, "updates.csv"), rows.Select((row, i) => i == line ? string.Join(',', fields) : row));
        return fields;
    }

    private static byte[] FlipLastBit(RunSummary summary)
    {
        var bytes = File.ReadAllBytes(Path.Combine(summary.Folder, "parameters.safetensors"));
        bytes[^4] ^= 1;
        return bytes;
    }

    private void Changed(RunSummary run, string file, Func<string, string> change, string where, string column)
    {
        var path = Path.Combine(run.Folder, file);
        var text = File.ReadAllText(path);
        var changed = change(text);
        Assert.NotEqual(text, changed);
        File.WriteAllText(path, changed);
        var difference = FirstDifference(run);
        Assert.Equal((where, column), (difference.File, difference.Column));
        File.WriteAllText(path, text);
    }

    // On two cores; runs again on one.
    private RunSummary Small(params string[] sets) => laboratory.RunOn(2, laboratory.WriteText(Pipelines.Small), sets);

    private RunSummary Stopped(params string[] sets)
    {
        using var stop = new CancellationTokenSource();
        var pipeline = laboratory.Load(laboratory.WriteText(Pipelines.Small), [.. sets, "stop={\"updates\":100000}"]);
        var run = new RunSession(pipeline, laboratory.Options with { Console = new StopAt(100, stop) }).Start(laboratory.Runs, stop.Token);
        Assert.Equal(RunStatus.Interrupted, run.Status);
        return run;
    }

    private Difference FirstDifference(RunSummary run)
    {
        var report = laboratory.Verify(run.Folder);
        Assert.Equal("different", report.Verdict);
        return report.Difference!;
    }

    private string Refusal(string run) => Assert.Throws<RunRefusedException>(() => laboratory.Verify(run)).Message;
}

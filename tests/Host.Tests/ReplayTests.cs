using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>
/// Real training, recorded and run again: everything is the same, or the first difference is named.
/// </summary>
public sealed class ReplayTests : IDisposable
{
    private const string Wall = "clock=wall";
    private const string DanaZero = "optimizer={\"type\":\"dana-zero\",\"momentum\":0.9,\"learningRate\":0.01,\"corrections\":[\"gap-aware\"]}";
    private const string PlainSgd = "optimizer={\"type\":\"sgd\",\"learningRate\":0.01}";

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData]
    [InlineData(Wall)]
    [InlineData(Wall, DanaZero, "workers.overlapPulls=true")]
    [InlineData(Wall, "stop.updates=40", "consistency={\"type\":\"k-sync\",\"k\":3}", "workers.rule={\"type\":\"dana-slim\",\"momentum\":0.9}", PlainSgd)]
    [InlineData(Wall, "consistency={\"type\":\"buffered\",\"size\":3}", "stop.updates=50")]
    [InlineData(Wall, "consistency={\"type\":\"stale-synchronous\",\"slack\":2}")]
    [InlineData(Wall, "workers.rule={\"type\":\"top-k\",\"ratio\":0.05}", PlainSgd)]
    [
        InlineData(Wall, "workers.rule={\"type\":\"local-steps\",\"steps\":3,\"push\":\"parameters\"}", "optimizer={\"type\":\"easgd\",\"learningRate\":0.01}",
            "stop.updates=60")]
    [InlineData(Wall, "stop={\"passes\":2}", "consistency={\"type\":\"k-sync\",\"k\":3}")]
    [InlineData(Wall, "stop={\"seconds\":0.4}", "evaluation={\"everySeconds\":0.1}")]
    [InlineData(Wall, "optimizer.learningRate=1e6")]
    [InlineData(Wall, "evaluation.sets={\"train\":true,\"validation\":{\"share\":0.2}}", "evaluation.perClass=true")]
    public void ARun_IsReplayedBitForBit(params string[] sets)
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, [.. sets.SelectMany(s => new[] { "--set", s })]);

        var report = Replay(Folder(run), 0, "--threads", "1");

        Assert.Equal("exact", report.GetProperty("verdict").GetString());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("difference").ValueKind);
        Assert.Equal(Rows(run, "updates.csv").Length - 1, report.GetProperty("pushes").GetInt64());
        Assert.Equal(Rows(run, "evaluations.csv").Length - 1, report.GetProperty("evaluations").GetInt64());
    }

    [Theory]
    [InlineData("shared-memory")]
    [InlineData("tcp")]
    public void ARunOverWorkerHosts_IsReplayedInOneProcess(string transport)
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", Wall, "--set", $"transport.type={transport}", "--hosts", "2");

        Assert.Equal("exact", Replay(Folder(run), 0).GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("wall", 9)]
    [InlineData("wall", 2)]
    public void ARunThatWasKilledOrStopped_IsReplayedAsFarAsItsRecordGoes_AndWholeOnceItIsResumed(string clock, int signal)
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 1500"));
        using (
            var run = program.Start("run", file, "--quiet", "--output", program.Runs, "--checkpoint-updates", "25", "--set", $"clock={clock}", "--set",
                "consistency={\"type\":\"k-sync\",\"k\":3}"))
        {
            run.Until(() => Directory.Exists(program.Runs) && Directory.EnumerateFiles(program.Runs, "*.checkpoint", SearchOption.AllDirectories).Any());
            run.Signal(signal);
            run.End();
        }

        var folder = Path.GetDirectoryName(Directory.GetFiles(program.Runs, "run.json", SearchOption.AllDirectories).Single())!;
        var interrupted = Replay(folder, 0);
        Assert.Equal(signal == 2, interrupted.GetProperty("isWhole").GetBoolean());

        var resumed = program.Run("run", "--resume", folder, "--quiet", "--output", program.Runs);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        var whole = Replay(folder, 0);
        Assert.True(whole.GetProperty("isWhole").GetBoolean());
        Assert.True(whole.GetProperty("pushes").GetInt64() > interrupted.GetProperty("pushes").GetInt64());
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
        var run = program.RunJson(
            program.Pipeline(Pipelines.Small), 0, "--set", $"clock={clock}", "--set", "stop.updates=12", "--set", "evaluation.everyUpdates=5", "--set",
            "consistency={\"type\":\"k-sync\",\"k\":3}");
        var rows = Rows(run, "updates.csv");
        var line = Array.FindIndex(rows, 20, row => row.Contains(",applied,", StringComparison.Ordinal));
        foreach (var column in columns(rows[0]))
        {
            var changed = Change(run, rows, line, column);

            var difference = Replay(Folder(run), 1).GetProperty("difference").GetRawText();

            Assert.True(
                difference.Contains($"\"line\":{line + 1},", StringComparison.Ordinal)
                    || difference.Contains($"updates.csv:{line + 1}: event {changed[0]}", StringComparison.Ordinal),
                $"{column}: {difference}");
        }
    }

    [Fact]
    public void AChangedTimeOfTheWallClock_ShowsInTheDigest()
    {
        // It is copied, for nothing can make it again.
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", Wall, "--set", "stop.updates=12");
        Change(run, Rows(run, "updates.csv"), 6, "arrivedAtNs");

        Assert.Equal("summary.digest", Replay(Folder(run), 1).GetProperty("difference").GetProperty("column").GetString());
    }

    [Fact]
    public void WhatElseIsChangedInAFolder_IsFound()
    {
        var run = program.RunJson(
            program.Pipeline(Pipelines.Small), 0, "--set", Wall, "--set", "stop.updates=12", "--set", "evaluation={\"everyUpdates\":5,\"perClass\":true}");

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
        Changed(run, "updates.csv", text => text.Replace(Rows(run, "updates.csv")[6], "no row", StringComparison.Ordinal), Folder(run), "");
        File.WriteAllBytes(Path.Combine(Folder(run), "parameters.safetensors"), FlipLastBit(run));
        Assert.StartsWith("f", Replay(Folder(run), 1).GetProperty("difference").GetProperty("column").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeReplayed_IsRefused()
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5");
        var document = Path.Combine(Folder(run), "run.json");
        var text = File.ReadAllText(document);

        File.WriteAllText(document, text.Replace("\"datasetFingerprint\": \"", "\"datasetFingerprint\": \"0", StringComparison.Ordinal));
        Assert.Contains("the data's fingerprint was 0", Refused("verify", Folder(run)));
        File.WriteAllText(document, text);
        var pipeline = Path.Combine(Folder(run), "pipeline.json");
        var was = File.ReadAllText(pipeline);
        File.WriteAllText(pipeline, was.Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal));
        Assert.Contains("the pipeline's id was", Refused("verify", Folder(run)));
        File.WriteAllText(pipeline, "{ \"dataset\": 1 ");
        Assert.Contains("pipeline.json", Refused("verify", Folder(run)));
        File.WriteAllText(pipeline, was);
        File.WriteAllText(document, "[]");
        Assert.Contains("run.json", Refused("verify", Folder(run)));
        Assert.Contains("no such run", Refused("verify", "feed", "--output", program.Runs));
    }

    [Fact]
    public void AnotherKernelPath_IsAWarning_AndADifferenceThenInconclusive()
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5");
        var document = Path.Combine(Folder(run), "run.json");
        File.WriteAllText(document, File.ReadAllText(document).Replace("\"kernelPath\": \"", "\"kernelPath\": \"other-", StringComparison.Ordinal));

        Assert.Contains("bits may differ", Replay(Folder(run), 0).GetProperty("warnings")[0].GetString());

        var updates = Path.Combine(Folder(run), "updates.csv");
        File.WriteAllText(updates, File.ReadAllText(updates).Replace(",applied,", ",dropped,", StringComparison.Ordinal));
        Assert.Equal("inconclusive", Replay(Folder(run), 2).GetProperty("verdict").GetString());
    }

    [Fact]
    public void AnInterruptedReplay_SaysSo()
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 1000"));
        var run = program.RunJson(file, 0);
        using var replay = program.Start("verify", Folder(run), "--json", "--quiet", "--threads", "1");
        replay.SignalUntilEnd(2);

        Assert.Equal(130, replay.End().ExitCode);
    }

    private static string Next(string value) => long.TryParse(value, out var whole)
        ? (whole + 1).ToString(CultureInfo.InvariantCulture)
        : BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(double.Parse(value, CultureInfo.InvariantCulture)) + 1)
            .ToString("R", CultureInfo.InvariantCulture);

    private static string Folder(JsonElement summary) => summary.GetProperty("folder").GetString()!;

    private static string[] Rows(JsonElement summary, string file) => File.ReadAllLines(Path.Combine(Folder(summary), file));

    // Writes the log with one value changed; returns that row.
    private static string[] Change(JsonElement run, string[] rows, int line, string column)
    {
        var fields = rows[line].Split(',');
        var place = Array.IndexOf(rows[0].Split(','), column);
        fields[place] = column == "decision" ? "dropped" : Next(fields[place]);
        File.WriteAllLines(Path.Combine(Folder(run), "updates.csv"), rows.Select((row, i) => i == line ? string.Join(',', fields) : row));
        return fields;
    }

    private static byte[] FlipLastBit(JsonElement summary)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder(summary), "parameters.safetensors"));
        bytes[^4] ^= 1;
        return bytes;
    }

    private void Changed(JsonElement run, string file, Func<string, string> change, string where, string column)
    {
        var path = Path.Combine(Folder(run), file);
        var text = File.ReadAllText(path);
        var changed = change(text);
        Assert.NotEqual(text, changed);
        File.WriteAllText(path, changed);
        var difference = Replay(Folder(run), 1).GetProperty("difference");
        Assert.Equal((where, column), (difference.GetProperty("file").GetString(), difference.GetProperty("column").GetString()));
        File.WriteAllText(path, text);
    }

    private JsonElement Replay(string folder, int expectedExit, params string[] more)
    {
        var ended = program.Run(["verify", folder, "--json", "--quiet", .. more]);
        Assert.True(ended.ExitCode == expectedExit, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return JsonDocument.Parse(ended.Output).RootElement;
    }

    private string Refused(params string[] arguments)
    {
        var ended = program.Run(arguments);
        Assert.True(ended.ExitCode == 64, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended.Error;
    }
}

using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs.Tests;

/// <summary>
/// Two experiments in one process, which has no console, no signals and no environment of theirs.
/// </summary>
public sealed class SimultaneousRunsTests
{
    [Theory]
    [InlineData("virtual", "virtual")]
    [InlineData("virtual", "wall")]
    [InlineData("wall", "wall")]
    public async Task TwoRunsAtTheSameTime_AreThoseOfTwoProcesses_AndExportEachPushOnce(string clockOfOne, string clockOfTheOther)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var laboratory = new Laboratory();
        using var barrier = new Barrier(2);
        var telemetry = $$"""
            "telemetry": { "endpoint": "{{receiver.Address}}", "protocol": "http-protobuf", "traceRatio": 1 }
            """;
        string[] files =
            [laboratory.Write($"\"clock\": \"{clockOfOne}\"", "\"seed\": 1", telemetry), laboratory.Write(
                $"\"clock\": \"{clockOfTheOther}\"", "\"seed\": 2", telemetry)];
        var options = laboratory.Options with { Console = new Meeting(barrier) };

        var reports = await Task.WhenAll(files.Select(file => Task.Factory.StartNew(
            () => new RunSession(laboratory.Load(file), options).Start(laboratory.Runs, TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.All(reports, report => Assert.Equal((RunStatus.Completed, 400), (report.Status, report.Updates)));
        Assert.DoesNotContain("telemetry:", string.Join('\n', reports.SelectMany(report => report.Notes)));
        IsAsOfAProcess(laboratory, files[0], clockOfOne, reports[0]);
        IsAsOfAProcess(laboratory, files[1], clockOfTheOther, reports[1]);
        Assert.All(reports, report => ExportsEachPushOnce(receiver, report.Folder));
    }

    [Fact]
    public async Task AnInterruptedRun_GoesOnBesideAnother_ToTheSameDigest()
    {
        using var laboratory = new Laboratory();
        // Of many updates, so that it is not over before it is stopped, however late that is.
        var file = laboratory.WriteText(File.ReadAllText(laboratory.Write("\"seed\": 3")).Replace("\"updates\": 400", "\"updates\": 6000"));
        var whole = new RunSession(laboratory.Load(file), laboratory.Options).Start(laboratory.Runs, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var session = new RunSession(laboratory.Load(file), laboratory.Options with { Console = new StopAt(100, stop) });
        var stopped = session.Start(laboratory.Runs, stop.Token);
        Assert.Equal(RunStatus.Interrupted, stopped.Status);

        using var barrier = new Barrier(2);
        var beside = laboratory.Options with { Console = new Meeting(barrier) };
        var run = RunReader.Read(stopped.Folder)!;
        var both = await Task.WhenAll(
            Task.Run(
                () => new RunSession(laboratory.Load(Resumption.PipelineOf(run)), beside with { Console = new Meeting(barrier) }).Resume(run),
                TestContext.Current.CancellationToken),
            Task.Run(() => new RunSession(laboratory.Load(laboratory.Write("\"seed\": 4")), beside).Start(laboratory.Runs),
                TestContext.Current.CancellationToken));

        Assert.Equal(whole.Digest, both[0].Digest);
        Assert.NotEqual(whole.Digest, both[1].Digest);
        Assert.Equal(
            "exact", new Replay(RunReader.Read(both[0].Folder)!, laboratory.Catalog, laboratory.Options).Verify(TestContext.Current.CancellationToken).Verdict);
        var changed = new Replay(run, laboratory.Catalog, laboratory.Options)
            .Change(["optimizer.learningRate=0.01"], laboratory.Runs, TestContext.Current.CancellationToken);
        Assert.False(changed.Comparison.IsSame);
    }

    [Fact]
    public void ARunThatAnotherHasCompletedMeanwhile_IsNotGoneOnWith()
    {
        using var laboratory = new Laboratory();
        using var stop = new CancellationTokenSource();
        var pipeline = laboratory.Load(laboratory.Write(), "stop.updates=60000");
        var stopped = new RunSession(pipeline, laboratory.Options with { Console = new StopAt(100, stop) }).Start(laboratory.Runs, stop.Token);
        var seen = RunReader.Read(stopped.Folder)!;
        Assert.Equal(RunStatus.Interrupted, seen.Status);

        Assert.Equal(RunStatus.Completed, new RunSession(pipeline, laboratory.Options).Resume(seen, TestContext.Current.CancellationToken).Status);
        var document = Path.Combine(stopped.Folder, RunDocument.FileName);
        var completed = File.ReadAllText(document);

        Assert.Contains(
            "it is completed",
            Assert.Throws<RecorderException>(() => new RunSession(pipeline, laboratory.Options).Resume(seen, TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
        Assert.Equal(completed, File.ReadAllText(document));
    }

    // A wall-clock run is never the same again, but for its schedule: another process makes the
    // same of it.
    private static void IsAsOfAProcess(Laboratory laboratory, string file, string clock, RunSummary summary)
    {
        if (clock == "wall")
        {
            Assert.Equal("exact", laboratory.Program(0, "verify", summary.Folder, "--quiet").GetProperty("verdict").GetString());
            return;
        }

        var other = laboratory.Program(
            0, "run", file, "--quiet", "--output", Path.Combine(laboratory.Folder, "others"), "--set",
            "telemetry={\"traces\": false, \"metrics\": false, \"logs\": false}");
        Assert.Equal(other.GetProperty("digest").GetString(), summary.Digest);
    }

    private static void ExportsEachPushOnce(OtlpReceiver receiver, string folder)
    {
        var run = Path.GetFileName(folder);
        using var rows = RunRows.Updates(folder);
        var pushes = rows.ReadAll().Select(row => (row.Worker, row.Gradient)).Order().ToList();
        foreach (var name in new[] { "pull", "compute", "push", "queue", "apply" })
        {
            var spans = receiver.Spans.Where(s => s.Name == name && Equals(s.Resource["orchestrator.run.id"], run)).ToList();
            Assert.Equal(pushes, spans.Select(s => (Integer(s, "orchestrator.worker"), (long)s.Attributes["orchestrator.gradient"])).Order());
            Assert.All(spans.Where(s => name is "pull" or "apply"), s => Assert.Equal(run, s.Attributes["orchestrator.run.id"]));
        }

        var last = receiver.Metrics.Last(m => m.Name == "orchestrator.pushes" && Equals(m.Resource["orchestrator.run.id"], run));
        Assert.Equal(pushes.Count, (int)last.Points.Sum(p => p.Value));
        Assert.All(last.Points, p => Assert.Equal(run, p.Attributes["orchestrator.run.id"]));
        Assert.Single(receiver.Logs, entry => entry.Body.StartsWith($"Run {run} of small started", StringComparison.Ordinal));
    }

    private static int Integer(Span span, string attribute) => int.Parse(span.Attributes[attribute].ToString()!, CultureInfo.InvariantCulture);
}

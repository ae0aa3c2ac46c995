using System.Text.Json;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// <c>sweep status</c>, <c>sweep why</c> and <c>sweep verify</c>, as a user runs them.
/// </summary>
public sealed class SweepVerbTests : IClassFixture<SweptRuns>, IDisposable
{
    private const int Kill = 9;

    private readonly Cli program = new();
    private readonly SweptRuns swept;
    private readonly string file;

    public SweepVerbTests(SweptRuns swept)
    {
        this.swept = swept;
        file = program.Pipeline(Pipelines.Quadratic(SweptRuns.Axes));
    }

    public void Dispose() => program.Dispose();

    [Fact]
    public void Status_counts_what_is_done_before_and_after()
    {
        var before = Status(file)[0];
        swept.CopyTo(program.Folder);
        var after = Status("small")[0];

        Assert.Equal(
            ("not complete", 4, 0, 0), (before.GetProperty("status").GetString(), Int(before, "cells"), Int(before, "cellsDone"), Int(before, "done")));
        Assert.Equal(("complete", 4, 4, 12), (after.GetProperty("status").GetString(), Int(after, "cells"), Int(after, "cellsDone"), Int(after, "done")));
        Assert.Contains("12 of 12 done", program.Run("sweep", "status", "-o", program.Runs).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_names_the_process_that_has_a_run_and_says_when_it_is_gone()
    {
        var slow = program.Pipeline(Pipelines.Quadratic(SweptRuns.Axes, updates: "500000"));
        JsonElement running;
        using (var sweep = program.Start("run", slow, "--quiet", "--jobs", "1", "--output", program.Runs))
        {
            sweep.Until(() => Status("small") is { ValueKind: JsonValueKind.Array } now && Int(now[0], "cellsRunning") == 1);
            running = Status("small")[0].GetProperty("running")[0];
            Assert.False(running.GetProperty("isGone").GetBoolean());
            Cli.Running.Signal(Int(running, "process"), Kill);
            sweep.Signal(Kill);
            sweep.End();
        }

        Assert.Equal(Environment.MachineName, running.GetProperty("machine").GetString());
        Assert.True(Status("small")[0].GetProperty("running")[0].GetProperty("isGone").GetBoolean());
        Assert.Contains("has ended; the next sweeper goes on", program.Run("sweep", "status", "small", "-o", program.Runs).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Why_tells_of_each_run_where_it_comes_from()
    {
        program.RunJson(file, 0, "--set", "sweep=null", "--set", "optimizer.momentum=0.5", "--set", "workers.count=5", "--set", "seed=2");
        Assert.Equal(0, program.Run("run", file, "--quiet", "--output", program.Runs).ExitCode);
        var cell = Why("workers.count=5", "optimizer.momentum=0.5");
        Directory.Delete(program.Runs, recursive: true);
        var ofLedger = Json("sweep", "why", "4", "--sweep", file);

        Assert.Equal(["done", "done", "done"], cell.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("standing").GetString()));
        Assert.All(
            cell.GetProperty("runs").EnumerateArray(),
            run => Assert.Contains("made by this build", run.GetProperty("reason").GetString(), StringComparison.Ordinal));
        Assert.Equal(cell.GetProperty("key").GetString(), ofLedger.GetProperty("key").GetString());
        Assert.Contains("ledger", ofLedger.GetProperty("runs")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Why_tells_what_a_run_failed_of_and_who_tried()
    {
        File.WriteAllText(Path.Combine(program.Folder, "trace.csv"), "1\n2\n3\n");
        const string Failing =
            """{ "axes": { "workers.delay": { "variants": { "none": {}, "short": { "workers.delay": { "type": "trace", "file": "trace.csv", "atEnd": "fail" """
                + """} } } } } }""";
        program.Run("run", program.Pipeline(Pipelines.Quadratic(Failing)), "--quiet", "--output", program.Runs);
        var run = Why("workers.delay=short").GetProperty("runs")[0];

        Assert.Equal("failed", run.GetProperty("standing").GetString());
        Assert.Contains("trace.csv", run.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("claim 1 of process", run.GetProperty("past")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("trace.csv", Status("small")[0].GetProperty("failed")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workers.count=2", "fits 2 cells")]
    [InlineData("workers.coun=2", "did you mean 'workers.count'")]
    [InlineData("17", "a number from 1 to 4")]
    public void Why_of_no_cell_or_of_several_is_refused(string cell, string message)
    {
        var ended = program.Run("sweep", "why", cell, "--sweep", file, "-o", program.Runs);

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains(message, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_runs_a_sample_again_and_leaves_nothing_behind()
    {
        swept.CopyTo(program.Folder);
        var verified = Json("sweep", "verify", "small", "--sample", "50%");

        Assert.Equal((12, 6), (Int(verified, "rows"), verified.GetProperty("verified").GetArrayLength()));
        Assert.All(verified.GetProperty("verified").EnumerateArray(), row => Assert.Equal("same", row.GetProperty("verdict").GetString()));
        Assert.Empty(Directory.GetDirectories(Path.Combine(program.Runs, ".sweeps"), "verify-*"));
    }

    [Fact]
    public void Verify_finds_a_row_that_was_changed_with_no_run_folder_there()
    {
        swept.CopyTo(program.Folder);
        Directory.Delete(program.Runs, recursive: true);
        var ledger = Path.Combine(program.Folder, "results", "small.csv");
        var lines = File.ReadAllLines(ledger);
        var digest = lines[3].Split(',')[5];
        lines[3] = lines[3].Replace(digest, new string('0', digest.Length), StringComparison.Ordinal);
        File.WriteAllLines(ledger, lines);
        var ended = program.Run("sweep", "verify", file, "--json", "-o", program.Runs);
        var wrong = Cli.Summary(ended.Output).GetProperty("verified").EnumerateArray().Where(row => row.GetProperty("verdict").GetString() != "same").ToList();

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(("different", digest), (Assert.Single(wrong).GetProperty("verdict").GetString(), wrong[0].GetProperty("digest").GetString()));
        Assert.True(Directory.Exists(wrong[0].GetProperty("detail").GetString()));
    }

    [Fact]
    public void Verify_of_nothing_is_inconclusive() => Assert.Equal(2, program.Run("sweep", "verify", file, "-o", program.Runs).ExitCode);

    private JsonElement Status(string sweep)
    {
        var ended = program.Run("sweep", "status", sweep, "--json", "-o", program.Runs);
        return ended.ExitCode == 0 ? Cli.Summary(ended.Output) : default;
    }

    private JsonElement Why(params string[] cell) => Json(["sweep", "why", .. cell]);

    private JsonElement Json(params string[] arguments)
    {
        var ended = program.Run([.. arguments, "--json", "-o", program.Runs]);
        Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return Cli.Summary(ended.Output);
    }

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}

using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>Sweeps as a user runs them.</summary>
public sealed class SweepRunTests(SweptRuns swept) : IClassFixture<SweptRuns>, IDisposable
{
    private const int Interrupt = 2;
    private const int Kill = 9;

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void A_sweep_runs_every_cell_with_every_seed_and_leaves_a_table()
    {
        var file = program.Pipeline(Pipelines.Quadratic(SweptRuns.Axes));
        var made = Sweep(file, 0);

        Assert.Equal((4, 12, 12, true), (Int(made, "cells"), Int(made, "runs"), Int(made, "done"), made.GetProperty("complete").GetBoolean()));
        Assert.All(made.GetProperty("table").GetProperty("cells").EnumerateArray(), cell => Assert.Equal(3, Int(cell, "n")));
        Assert.All(
            (string[])["sweep.json", "table.json", "table.csv", "table.md", "table.tex"],
            name => Assert.True(File.Exists(Path.Combine(Folder(made), name)), name));
    }

    [Fact]
    public void A_run_of_a_sweep_has_the_digest_of_a_run_by_itself()
    {
        var file = Swept();
        var alone = program.RunJson(file, 0, "--set", "sweep=null", "--set", "optimizer.momentum=0.5", "--set", "workers.count=5", "--set", "seed=2");

        Assert.Contains(
            $",{alone.GetProperty("digest").GetString()},", File.ReadAllText(Path.Combine(program.Folder, "results", "small.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_command_again_runs_nothing_and_more_seeds_run_the_rest()
    {
        var file = Swept();
        Sweep(file, 0);
        Assert.Equal(12, Attempts());

        Assert.Equal(20, Int(Sweep(file, 0, "--set", "sweep.seeds=5"), "done"));
        Assert.Equal(20, Attempts());
    }

    [Fact]
    public void A_run_that_was_made_before_the_sweep_counts()
    {
        var file = program.Pipeline(Pipelines.Quadratic(SweptRuns.Axes));
        program.RunJson(file, 0, "--set", "sweep=null", "--set", "optimizer.momentum=0.5", "--set", "workers.count=5", "--set", "seed=2");
        Sweep(file, 0);

        Assert.Equal(12, Attempts());
    }

    [Fact]
    public void The_number_of_jobs_changes_no_byte_of_the_table()
    {
        var file = program.Pipeline(Pipelines.Quadratic(SweptRuns.Axes));

        Assert.Equal(Table(Sweep(file, 0, [.. Apart("one"), "--jobs", "1"])), Table(Sweep(file, 0, [.. Apart("three"), "--jobs", "3"])));
    }

    [Theory]
    [InlineData(Interrupt, 130)]
    [InlineData(Kill, 137)]
    public void What_an_interruption_leaves_the_same_command_goes_on_with(int signal, int exitCode)
    {
        var file = program.Pipeline(Pipelines.Quadratic(SweptRuns.Axes, updates: "5000"));
        using (var running = program.Start("run", file, "--quiet", "--jobs", "2", "--output", program.Runs))
        {
            running.Until(() => Done() >= 2);
            running.Signal(signal);
            Assert.Equal(exitCode, running.End().ExitCode);
        }

        var before = Done();
        Assert.InRange(before, 2, 11);
        var resumed = Sweep(file, 0);

        Assert.Equal(12, Int(resumed, "done"));
        Assert.Equal(Table(Sweep(file, 0, Apart("whole"))), Table(resumed));
    }

    [Fact]
    public void A_run_that_fails_costs_itself_only_and_retry_runs_it_again()
    {
        var trace = Path.Combine(program.Folder, "trace.csv");
        File.WriteAllText(trace, "1\n2\n3\n");
        const string Sweeps =
            """{ "axes": { "workers.delay": { "variants": { "none": {}, "short": { "workers.delay": { "type": "trace", "file": "trace.csv", "atEnd": "fail" """
                + """} } } } }, "seeds": 2 }""";
        var file = program.Pipeline(Pipelines.Quadratic(Sweeps));
        var failed = Sweep(file, 1);

        Assert.Equal((2, 2), (Int(failed, "done"), failed.GetProperty("failed").GetArrayLength()));
        Sweep(file, 1);
        Assert.Equal(4, Attempts());
        Sweep(file, 1, "--retry");
        Assert.Equal(6, Attempts());
        Assert.Contains("failed", program.Run("run", file, "--quiet", "--output", program.Runs).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_diverges_is_a_result()
    {
        var file = program.Pipeline(Pipelines.Quadratic("""{ "axes": { "optimizer.learningRate": [0.01, 100] }, "seeds": 2 }""", updates: "200"));
        var cells = Sweep(file, 0).GetProperty("table").GetProperty("cells");

        Assert.Equal((0, 2), (Int(cells[0].GetProperty("noConvergence"), "count"), Int(cells[1].GetProperty("noConvergence"), "count")));
    }

    [Fact]
    public void A_ledger_counts_where_folders_are_gone()
    {
        var file = Swept();
        var table = Table(Sweep(file, 0));
        Directory.Delete(program.Runs, recursive: true);

        Assert.Equal(table, Table(Sweep(file, 0)));
        Assert.Equal(0, Attempts());
    }

    [Fact]
    public void Successive_halving_gives_survivors_the_digest_of_a_run_without_pauses()
    {
        const string Halving =
            """{ "axes": { "optimizer.momentum": [0, 0.3, 0.5, 0.9] }, "search": { "type": "successive-halving", "epochs": [2, 4], "keep": 2 } }""";
        var file = program.Pipeline(Pipelines.Quadratic(Halving, updates: "3000"));
        var made = Sweep(file, 0, "--jobs", "1");

        Assert.Equal(2, made.GetProperty("table").GetProperty("cells").GetArrayLength());
        var best = made.GetProperty("table").GetProperty("cells")[1].GetProperty("values").GetProperty("optimizer.momentum").GetString()!;
        var alone = program.RunJson(file, 0, "--set", "sweep=null", "--set", $"optimizer.momentum={best}");
        Assert.Contains(
            $",{alone.GetProperty("digest").GetString()},", File.ReadAllText(Path.Combine(program.Folder, "results", "small.csv")), StringComparison.Ordinal);
        Assert.Equal(Table(made), Table(Sweep(file, 0, [.. Apart("three"), "--jobs", "3"])));
    }

    [Fact]
    public void Before_anything_runs_a_dry_run_says_what_there_is_to_do()
    {
        var file = program.Pipeline(Pipelines.Quadratic(SweptRuns.Axes));
        var dry = program.Run("run", file, "--dry-run", "--output", program.Runs);

        Assert.Equal((0, 0), (dry.ExitCode, Attempts()));
        Assert.Contains("12: 0 done, 12 left", dry.Output, StringComparison.Ordinal);
        Swept();
        Assert.Contains("12: 12 done, 0 left", program.Run("run", file, "--dry-run", "--output", program.Runs).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_full_disk_the_table_is_still_shown_and_the_same_command_goes_on()
    {
        var disk = Directory.CreateDirectory(Path.Combine(program.Folder, "disk")).FullName;
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=400k", "tmpfs", disk]) { RedirectStandardError = true });
        mount!.WaitForExit();
        Assert.SkipUnless(mount.ExitCode == 0, "skipped: a small file system can only be mounted by root");
        try
        {
            var file = program.Pipeline(Pipelines.Quadratic(SweptRuns.Axes));
            var full = program.Run("run", file, "--output", disk, "--quiet");
            Assert.Equal(1, full.ExitCode);
            Assert.Contains("the same command goes on", full.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("internal error", full.Error, StringComparison.Ordinal);
            Assert.Contains("of 12 done", full.Output, StringComparison.Ordinal);

            using var more = Process.Start("mount", ["-o", "remount,size=64m", disk]);
            more.WaitForExit();
            var ended = program.Run("run", file, "--output", disk, "--quiet");
            Assert.True(ended.ExitCode == 0, ended.Error);
            Assert.Contains("12 of 12 done", ended.Output, StringComparison.Ordinal);
        }
        finally
        {
            Process.Start("umount", [disk]).WaitForExit();
        }
    }

    [Theory]
    [InlineData("--retry")]
    [InlineData("--dry-run")]
    public void Without_a_sweep_its_options_are_refused(string option)
    {
        var ended = program.Run("run", program.Pipeline(Pipelines.Quadratic("null")), option);

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains($"{option}: the pipeline has no sweep", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_with_a_mistake_is_no_pipeline_without_one()
    {
        var ended = program.Run("run", program.Pipeline(Pipelines.Quadratic("""{ "seedz": 2 }""")), "--dry-run");

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("did you mean 'seeds'?", ended.Error, StringComparison.Ordinal);
    }

    // The twelve runs as if swept here; the pipeline's path.
    private string Swept()
    {
        swept.CopyTo(program.Folder);
        return Path.Combine(program.Folder, "test.json");
    }

    private JsonElement Sweep(string file, int expectedExit, params string[] more)
    {
        var ended = program.Run(["run", file, "--json", "--quiet", .. more.Contains("--output") ? [] : new[] { "--output", program.Runs }, .. more]);
        Assert.True(ended.ExitCode == expectedExit, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return Cli.Summary(ended.Output);
    }

    // Where nothing of what was run before counts.
    private string[] Apart(string name) => ["--output", Path.Combine(program.Folder, name), "--results", Path.Combine(program.Folder, name, "results")];

    private int Attempts() => Directory.Exists(Path.Combine(program.Runs, "small"))
        ? Directory.GetDirectories(Path.Combine(program.Runs, "small"))
            .Count(folder => !Path.GetFileName(folder).StartsWith("sweep-", StringComparison.Ordinal))
        : 0;

    private int Done() =>
        Directory.Exists(Path.Combine(program.Runs, ".sweeps")) ? Directory.GetFiles(Path.Combine(program.Runs, ".sweeps"), "done", SearchOption.AllDirectories)
            .Length : 0;

    private static string Folder(JsonElement made) => made.GetProperty("folder").GetString()!;

    private static string Table(JsonElement made) =>
        File.ReadAllText(Path.Combine(Folder(made), "table.json")) + File.ReadAllText(Path.Combine(Folder(made), "table.csv"));

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}

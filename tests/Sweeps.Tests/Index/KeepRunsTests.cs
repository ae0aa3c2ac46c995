using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// <c>runs compare</c>, <c>export</c>, <c>archive</c>, <c>rm</c> and <c>gc</c>, as a user runs
/// them.
/// </summary>
public sealed class KeepRunsTests : IClassFixture<SweptRuns>, IDisposable
{
    private readonly Cli program = new();
    private readonly string file;

    public KeepRunsTests(SweptRuns swept)
    {
        swept.CopyTo(program.Folder);
        file = Path.Combine(program.Folder, "test.json");
    }

    public void Dispose() => program.Dispose();

    [Fact]
    public void What_a_table_or_a_ledger_rests_on_stays_unless_it_is_forced()
    {
        var kept = program.Run("runs", "rm", "--where", "status=completed", "--yes", "-o", program.Runs);
        Assert.Equal((1, 12), (kept.ExitCode, Runs()));
        Assert.Contains("stays: a sweep's table rests on it", kept.Error, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(program.Runs, ".sweeps"), recursive: true);
        Assert.Contains(
            "a row of a ledger has its digest", program.Run("runs", "rm", "--where", "seed=1", "--yes", "-o", program.Runs).Error, StringComparison.Ordinal);
        Assert.Equal(12, Runs());

        Ok("runs", "rm", "--where", "seed=1", "--force", "-o", program.Runs);
        Assert.Equal(12, Runs());
        Ok("runs", "rm", "--where", "seed=1", "--force", "--yes", "-o", program.Runs);
        Assert.Equal(8, Runs());
    }

    [Fact]
    public void Gc_removes_attempts_that_nobody_needs_and_nothing_else()
    {
        // One more attempt at a run of the sweep, one that failed, one by itself, one that is
        // tagged.
        string[] again =
            [
                "run", file, "--quiet", "--set", "sweep=null", "--set", "optimizer.momentum=0.5", "--set", "workers.count=5", "--set", "seed=2", "-o",
                program.Runs];
        Ok(again);
        Ok(again);
        Ok("runs", "tag", "mine", Newest(), "-o", program.Runs);
        Ok("run", file, "--quiet", "--set", "sweep=null", "--set", "seed=99", "-o", program.Runs);
        Directory.CreateDirectory(Path.Combine(program.Runs, ".sweeps", "verify-0"));
        var dry = Ok("runs", "gc", "-o", program.Runs);

        Assert.Equal(15, Runs());
        Assert.Equal(2, dry.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("-2  ", dry, StringComparison.Ordinal);
        Ok("runs", "gc", "--yes", "-o", program.Runs);
        Assert.Equal(14, Runs());
        Assert.Empty(Ok("runs", "gc", "-o", program.Runs));
    }

    [Fact]
    public void Gc_keeps_what_it_cannot_read_and_what_other_runs_name()
    {
        string[] alone = ["run", file, "--quiet", "--set", "sweep=null", "--set", "seed=99", "-o", program.Runs];
        Ok(alone);
        var first = Newest();
        Ok(alone);
        var second = Newest();
        Ok("run", file, "--quiet", "--set", "sweep=null", "--set", "seed=98", "--set", $"initial.from={second}", "-o", program.Runs);
        var from = Newest();
        var (newer, bare) = (second[..^1] + "3", second[..^1] + "4");
        Directory.CreateDirectory(newer);
        File.WriteAllText(Path.Combine(newer, "run.json"), """{ "schemaVersion": 7 }""");
        Directory.CreateDirectory(bare);
        File.WriteAllText(Path.Combine(bare, "lock"), "");

        var collected = program.Run("runs", "gc", "--yes", "-o", program.Runs);

        Assert.Equal(0, collected.ExitCode);
        Assert.Contains("it has schema version 7, of a newer version of this program", collected.Error, StringComparison.Ordinal);
        Assert.Equal([false, true, true, false], new[] { first, second, newer, bare }.Select(Directory.Exists));
        Assert.Contains("starts from its parameters", program.Run("runs", "rm", second, "--yes", "-o", program.Runs).Error, StringComparison.Ordinal);

        // Together with the run that names it, it goes.
        Ok("runs", "rm", second, from, "--yes", "-o", program.Runs);
        Assert.Equal([false, false], new[] { second, from }.Select(Directory.Exists));
    }

    [Fact]
    public void An_archive_holds_what_it_replaces_and_tar_brings_it_back()
    {
        var archive = Path.Combine(program.Folder, "old.tar.gz");
        Ok("runs", "archive", "--where", "seed=3", "--force", "--file", archive, "-o", program.Runs);
        Assert.False(File.Exists(archive));
        Ok("runs", "archive", "--where", "seed=3", "--force", "--file", archive, "--yes", "-o", program.Runs);
        Assert.Equal(8, Runs());

        using (var tar = Process.Start("tar", ["xzf", archive, "-C", program.Runs]))
        {
            tar.WaitForExit();
            Assert.Equal(0, tar.ExitCode);
        }

        Assert.Equal(12, Runs());
        Assert.Equal(0, program.Run("verify", Newest(), "--quiet", "-o", program.Runs).ExitCode);
        Assert.Equal(1, program.Run("runs", "archive", "--where", "seed=3", "--force", "--file", archive, "--yes", "-o", program.Runs).ExitCode);
        Assert.Equal(12, Runs());
    }

    [Fact]
    public void A_sweep_counts_its_runs_after_they_were_archived()
    {
        Ok("runs", "rm", "--where", "status=completed", "--force", "--yes", "-o", program.Runs);
        var swept = Cli.Summary(Ok("run", file, "--quiet", "--json", "-o", program.Runs));

        Assert.Equal((12, 0), (swept.GetProperty("done").GetInt32(), Runs()));
    }

    [Fact]
    public void Compare_shows_the_settings_in_which_runs_differ_and_what_they_came_to()
    {
        var compared = JsonDocument.Parse(Ok("runs", "compare", "--where", "seed=1", "--where", "workers.count=2", "--json", "-o", program.Runs)).RootElement;

        Assert.Equal("optimizer.momentum", Assert.Single(compared.GetProperty("settings").EnumerateObject()).Name);
        Assert.Equal(
            ["0", "0.5"], compared.GetProperty("settings").GetProperty("optimizer.momentum").EnumerateArray().Select(value => value.GetString()).Order());
        Assert.Equal(2, compared.GetProperty("results").GetProperty("testLoss").GetArrayLength());
    }

    [Fact]
    public void Export_writes_a_row_per_run_with_its_settings_or_a_row_per_evaluation()
    {
        var csv = Path.Combine(program.Folder, "runs.csv");
        Ok("runs", "export", "--where", "optimizer.momentum=0.5", "--file", csv, "-o", program.Runs);
        var lines = File.ReadAllLines(csv);
        var (columns, first) = (lines[0].Split(','), lines[1].Split(','));
        var curves = JsonDocument.Parse(Ok("runs", "export", "--where", "seed=1", "--rows", "evaluations", "--format", "json", "-o", program.Runs)).RootElement;

        var rows = JsonDocument.Parse(Ok("runs", "export", "--where", "optimizer.momentum=0.5", "--format", "json", "-o", program.Runs)).RootElement;

        Assert.Equal(7, lines.Length);
        Assert.Equal(columns.Distinct(), columns);
        Assert.Equal(Enumerable.Repeat("virtual", 6), rows.EnumerateArray().Select(row => row.GetProperty("clock").GetString()));
        Assert.Equal(("0.5", "completed"), (first[Array.IndexOf(columns, "optimizer.momentum")], first[Array.IndexOf(columns, "status")]));
        Assert.True(curves.GetArrayLength() >= 4 * 3);
        Assert.All(curves.EnumerateArray(), row => Assert.True(row.GetProperty("testLoss").GetDouble() > 0));
    }

    [Fact]
    public void Either_runs_are_named_or_conditions_say_which()
    {
        Assert.Equal(64, program.Run("runs", "rm", "-o", program.Runs).ExitCode);
        Assert.Equal(64, program.Run("runs", "rm", Newest(), "--where", "seed=1", "-o", program.Runs).ExitCode);
    }

    private int Runs() => JsonDocument.Parse(Ok("runs", "list", "--json", "-o", program.Runs)).RootElement.GetArrayLength();

    private string Newest() =>
        JsonDocument.Parse(Ok("runs", "list", "--json", "-o", program.Runs)).RootElement.EnumerateArray().Last().GetProperty("folder").GetString()!;

    private string Ok(params string[] arguments)
    {
        var ended = program.Run(arguments);
        Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended.Output;
    }
}

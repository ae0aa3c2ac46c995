namespace Orchestrator.Host.Tests;

/// <summary>Reports as the command line writes them.</summary>
public sealed class ReportTests
{
    [Fact]
    public void A_report_changes_no_digest_and_can_be_left_out()
    {
        using var program = new Cli();

        var with = program.RunJson(Cli.Shipped("quickstart.json"), 0, "--set", "stop.epochs=1");
        var without = program.RunJson(Cli.Shipped("quickstart.json"), 0, "--set", "stop.epochs=1", "--no-report");

        Assert.Equal(Path.Combine(with.GetProperty("folder").GetString()!, "report.html"), with.GetProperty("report").GetString());
        Assert.True(File.Exists(with.GetProperty("report").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, without.GetProperty("report").ValueKind);
        Assert.Empty(Directory.GetFiles(without.GetProperty("folder").GetString()!, "report*"));
        Assert.Equal(with.GetProperty("digest").GetString(), without.GetProperty("digest").GetString());

        // Later, and by its id; runs show knows of it then.
        var written = program.Run("report", $"quickstart/{without.GetProperty("id").GetString()}-2", "--output", program.Runs, "--json");
        Assert.Equal(0, written.ExitCode);
        var path = Cli.Summary(written.Output).GetProperty("reports")[0].GetString();
        Assert.True(File.Exists(path));
        Assert.Contains($"report         {path}", program.Run("runs", "show", without.GetProperty("folder").GetString()!).Output.ReplaceLineEndings(" "));
    }

    [Fact]
    public void A_report_that_cannot_be_written_is_a_warning_and_no_failure()
    {
        using var program = new Cli();
        using var running = program.Start("run", "quickstart", "--set", "stop.epochs=2", "--json", "--quiet", "--output", program.Runs);

        // In the report's place lies a folder.
        running.Until(() => Directory.Exists(program.Runs) && Directory.GetFiles(program.Runs, "run.json", SearchOption.AllDirectories).Length == 1);
        Directory.CreateDirectory(Path.Combine(Directory.GetDirectories(program.Runs, "*-1", SearchOption.AllDirectories)[0], "report.html"));
        var ended = running.End();

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("the report could not be written", ended.Error);
        Assert.Equal("completed", Cli.Summary(ended.Output).GetProperty("status").GetString());
    }

    [Fact]
    public void A_sweep_that_was_never_run_has_no_report()
    {
        using var program = new Cli();
        var file = program.Pipeline(Pipelines.Small.Replace("\"evaluation\"", "\"sweep\": { \"axes\": { \"optimizer.momentum\": [0, 0.5] }, \"seeds\": 2 }, \"evaluation\"", StringComparison.Ordinal));

        var ended = program.Run("report", file, "--output", program.Runs);

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("was never run in", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_that_cannot_be_written_are_told_before_anything_is()
    {
        using var program = new Cli();
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5", "--no-report");
        var folder = run.GetProperty("folder").GetString()!;

        var ended = program.Run("report", folder, "--output", program.Runs, "--json", "--figures", Path.Combine(folder, "run.json", "figures"));

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("--figures: ", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "report.html")));
    }

    [Fact]
    public void A_run_that_is_not_there_is_told_with_the_nearest()
    {
        using var program = new Cli();

        var ended = program.Run("report", "nothing", "--output", program.Runs);

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("nothing: no such run", ended.Error);
    }
}

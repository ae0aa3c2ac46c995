using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>Standard output holds what the program says, whatever its plugins print.</summary>
public sealed class PluginOutputTests : IDisposable
{
    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "fixtures", "Mixed");

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void What_a_plugin_prints_goes_to_standard_error_marked()
    {
        var run = program.Run(
            "run", program.Pipeline(Pipelines.Small), "--json", "--quiet", "--output", program.Runs, "--plugins", Fixture, "--set", "workers.delay=prints");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("completed", JsonDocument.Parse(run.Output).RootElement.GetProperty("status").GetString());
        Assert.Contains("plugin output: { \"digest\": \"made\" }\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("plugin output: and \\u001b[31mred\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("plugin output: half a line", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_plugin_prints_in_a_worker_host_goes_to_its_standard_error_marked()
    {
        var (port, token) = (Cli.FreePort(), Path.Combine(program.Folder, "token"));
        using var server = program.Start(
            "run", program.Pipeline(Pipelines.Small), "--json", "--quiet", "--output", program.Runs, "--plugins", Fixture, "--set", "workers.delay=prints",
            "--set", "transport.type=tcp", "--listen", $"127.0.0.1:{port}", "--token-file", token);
        server.Until(() => File.Exists(token));
        var worker = program.Run("worker", "--server", $"127.0.0.1:{port}", "--token-file", token, "--plugins", Fixture);
        Assert.True(worker.ExitCode == 0, worker.Error);
        Assert.Equal("", worker.Output);
        Assert.Contains("plugin output: { \"digest\"", worker.Error, StringComparison.Ordinal);
        var ended = server.End();
        Assert.Equal("completed", JsonDocument.Parse(ended.Output).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public void Where_neither_the_cache_nor_the_temporary_folder_can_be_used_both_are_named()
    {
        var (cache, temporary) = (program.Pipeline("", "cache-is-a-file"), Path.Combine(program.Folder, "no-temporary"));
        using var started = program.StartWith(
            new Dictionary<string, string> { ["XDG_CACHE_HOME"] = cache, ["TMPDIR"] = temporary }, "run", program.Pipeline(Pipelines.Small), "--quiet",
            "--output", program.Runs);
        var ended = started.End();
        Assert.Equal(64, ended.ExitCode);
        Assert.Contains(cache, ended.Error, StringComparison.Ordinal);
        Assert.Contains(temporary, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_that_others_write_to_is_said_and_not_used()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("skipped: Windows protects the profile");
            return;
        }

        var cache = Directory.CreateDirectory(Path.Combine(program.Folder, "cache")).FullName;
        File.SetUnixFileMode(cache, (UnixFileMode)511);
        using var started = program.StartWith(
            new Dictionary<string, string> { ["XDG_CACHE_HOME"] = cache }, "run", program.Pipeline(Pipelines.Small), "--quiet", "--output", program.Runs);
        var ended = started.End();
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains($"is not used: others may write to {cache}", ended.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(cache));
    }
}

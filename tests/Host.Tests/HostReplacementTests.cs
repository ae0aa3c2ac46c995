using System.Runtime.Versioning;

namespace Orchestrator.Host.Tests;

/// <summary>A run's own worker hosts: which are replaced, and how often.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostReplacementTests : IDisposable
{
    private const int Kill = 9;
    private const int Interrupt = 2;
    private const int Hangup = 1;

    private readonly Cli program = new();

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Hangup)]
    [InlineData(Kill)]
    public void AHostThatIsLost_IsReplaced_WhateverItsExitCode(int signal)
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 400"));
        var digest = program.RunJson(file, 0).GetProperty("digest").GetString();
        using var run = program.Start("run", file, "--json", "--quiet", "--output", program.Runs, "--hosts", "1", "--set", "transport.type=tcp");
        run.Until(() => ChildProcesses.Computing(run.Id).Count == 1);
        var lost = ChildProcesses.Computing(run.Id)[0];
        Cli.Running.Signal(lost, signal);
        run.Until(() => ChildProcesses.Computing(run.Id).Any(id => id != lost));
        var ended = run.End();

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal(digest, Cli.Summary(ended.Output).GetProperty("digest").GetString());
    }

    [Fact]
    public void AWorkerHostNeedsNoTemporaryFolder()
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 20"));
        using var run = program.StartWith(
            new Dictionary<string, string> { ["TMPDIR"] = "/nonexistent" }, "run", file, "--quiet", "--json", "--hosts", "1", "--set", "transport.type=tcp");

        var ended = run.End();
        Assert.True(ended.ExitCode == 0, ended.Error);
    }

    public void Dispose() => program.Dispose();
}

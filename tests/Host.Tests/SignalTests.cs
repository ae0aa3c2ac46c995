using System.Runtime.InteropServices;

namespace Orchestrator.Host.Tests;

/// <summary>
/// What terminals, shells and schedulers send: a run that is asked to end keeps what it has, and
/// one
/// that is warned keeps it and goes on.
/// </summary>
public sealed class SignalTests : IDisposable
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int Terminate = 15;
    private const int CpuLimit = 24;
    private static readonly int Warning = OperatingSystem.IsMacOS() ? 30 : 10;
    private static readonly int LastWarning = OperatingSystem.IsMacOS() ? 31 : 12;

    private readonly Cli program = new();

    public static TheoryData<int> AllThatEnd => [Hangup, Interrupt, Quit, Terminate, CpuLimit, LastWarning];

    [Theory]
    [MemberData(nameof(AllThatEnd))]
    public void WhateverAsksTheRunToEnd_LeavesACheckpoint_AndTheRunGoesOnFromIt(int signal)
    {
        SkipOnWindows();
        using var run = Begin(program.Pipeline(Pipelines.Endless), "--checkpoint-seconds", "0");
        run.Signal(signal);
        var ended = run.End();

        Assert.True(ended.ExitCode == 130, ended.Error);
        Assert.Contains("Stopping; the results so far are kept.", ended.Error);
        var summary = Cli.Summary(ended.Output);
        Assert.Equal("interrupted", summary.GetProperty("status").GetString());
        Assert.Single(Checkpoints());
        using var resumed = program.Start("run", "--resume", summary.GetProperty("folder").GetString()!, "--quiet", "--json", "--output", program.Runs);
        var rows = Rows();
        resumed.Until(() => Rows() > rows + 10_000);
        resumed.Signal(Terminate);
        ended = resumed.End();
        Assert.True(ended.ExitCode == 130, ended.Error);
        Assert.Contains("Going on from version", ended.Error);
    }

    [Fact]
    public void AWarning_HasACheckpointWritten_AndTheRunGoesOn_ToTheSameDigest()
    {
        SkipOnWindows();
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 600"));
        using var run = Begin(file, "--checkpoint-seconds", "0");
        run.Signal(Warning);
        run.Until(() => Checkpoints().Length > 0);
        var ended = run.End();

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Matches("Checkpoint written at version [0-9]+; the run goes on.", ended.Error);
        var digest = Cli.Summary(ended.Output).GetProperty("digest").GetString();
        var undisturbed = program.RunJson(file, 0);
        Assert.Equal(undisturbed.GetProperty("digest").GetString(), digest);
    }

    [Fact]
    public void AClosedTerminalThatInsists_IsNotImpatience()
    {
        SkipOnWindows();
        using var run = Begin(program.Pipeline(Pipelines.Endless), "--checkpoint-seconds", "0");
        run.Signal(Terminate);
        run.SignalUntilEnd(Hangup);

        Assert.Equal(130, run.End().ExitCode);
        Assert.Single(Checkpoints());
    }

    [Fact]
    public void UnderNohup_AClosedTerminalIsNothing()
    {
        SkipOnWindows();
        using var run = program.StartShell(
            new Dictionary<string, string>(), "trap '' HUP; exec \"$0\" \"$@\"", "run", program.Pipeline(Pipelines.Endless), "--quiet", "--json", "--output",
            program.Runs);
        run.Until(() => Rows() > 2_000);
        run.Signal(Hangup);
        var rows = Rows();
        run.Until(() => Rows() > rows + 10_000);
        run.Signal(Terminate);

        Assert.Equal(130, run.End().ExitCode);
    }

    [Fact]
    public void AGradientLongerThanAnyPatience_DelaysNoCheckpoint()
    {
        SkipOnWindows();

        // Four gradients, each of many seconds; none has arrived when the run has ended.
        var file =
            program.Pipeline(Pipelines.Endless.Replace("\"lenet5\"", "\"resnet18\"").Replace("\"batchSize\": 16", "\"batchSize\": 1200").Replace(
                "\"evaluation\": {", "\"evaluation\": { \"atStart\": false,"));
        using var run = program.Start("run", file, "--quiet", "--json", "--output", program.Runs, "--threads", "1", "--checkpoint-seconds", "0");
        run.Until(() => Rows() > 0);
        run.Signal(Terminate);
        var ended = run.End();

        Assert.True(ended.ExitCode == 130, ended.Error);
        Assert.Equal(0, Cli.Summary(ended.Output).GetProperty("updates").GetInt64());
        Assert.EndsWith("000000000000000.checkpoint", Assert.Single(Checkpoints()));
    }

    public void Dispose() => program.Dispose();

    private static void SkipOnWindows() =>
        Assert.SkipWhen(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "skipped: these signals are of Unix");

    private Cli.Running Begin(string file, params string[] arguments)
    {
        var run = program.Start(["run", file, "--quiet", "--json", "--output", program.Runs, .. arguments]);
        run.Until(() => Rows() > 2_000);
        return run;
    }

    private string[] Checkpoints() => Files("*.checkpoint");

    private long Rows() => Files("updates.csv").Sum(file => new FileInfo(file).Length);

    private string[] Files(string pattern) => Directory.Exists(program.Runs) ? Directory.GetFiles(program.Runs, pattern, SearchOption.AllDirectories) : [];
}

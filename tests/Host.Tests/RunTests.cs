using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;

namespace Orchestrator.Host.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void Quickstart_Learns()
    {
        var summary = program.RunJson(Cli.Shipped("quickstart.json"), 0);

        Assert.Equal("completed", summary.GetProperty("status").GetString());
        Assert.InRange(summary.GetProperty("testAccuracy").GetDouble(), 97, 100);
        Assert.InRange(summary.GetProperty("staleness").GetProperty("mean").GetDouble(), 2.9, 3.0);
    }

    [Fact]
    public void Json_IsTheOnlyThingOnStandardOutput_AndHasEveryField()
    {
        var summary = program.RunJson(program.Pipeline(Pipelines.Small), 0);

        foreach (var name in new[] { "id", "status", "folder", "digest", "updates", "updatesPerSecond", "testAccuracy", "testLoss", "wallSeconds",
                "virtualSeconds" })
        {
            Assert.NotEqual(JsonValueKind.Null, summary.GetProperty(name).ValueKind);
        }

        foreach (var name in new[] { "mean", "p50", "p99", "max" })
        {
            Assert.Equal(JsonValueKind.Number, summary.GetProperty("staleness").GetProperty(name).ValueKind);
        }

        Assert.True(summary.GetProperty("gap").GetProperty("max").GetDouble() >= summary.GetProperty("gap").GetProperty("mean").GetDouble());
        Assert.Equal(150, summary.GetProperty("updates").GetInt64());
        var folder = summary.GetProperty("folder").GetString()!;
        Assert.All(
            ["pipeline.json", "run.json", "updates.csv", "evaluations.csv", "events.csv", "parameters.safetensors"],
            f => Assert.True(File.Exists(Path.Combine(folder, f)), f));
    }

    [Fact]
    public void Summary_IsForPeople()
    {
        var ended = program.Run("run", program.Pipeline(Pipelines.Small), "--output", program.Runs);

        Assert.Equal(0, ended.ExitCode);
        Assert.All(["completed", "test accuracy", "updates", "staleness", "p99", "gap", "digest", "folder"], word => Assert.Contains(word, ended.Output));
        Assert.DoesNotContain("\u001b[", ended.Output + ended.Error);
    }

    [Fact]
    public void WallClock_Runs()
    {
        var summary = program.RunJson(
            program.Pipeline(Pipelines.Small), 0, "--set", "clock=wall", "--set", "workers.compute=null", "--set",
            "workers.delay={\"type\":\"constant\",\"ms\":2}");

        Assert.Equal(150, summary.GetProperty("updates").GetInt64());
        Assert.Equal(JsonValueKind.Null, summary.GetProperty("virtualSeconds").ValueKind);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public void ASignal_LeavesAReadableFolder(int signal)
    {
        using var run = program.Start("run", program.Pipeline(Pipelines.Endless), "--output", program.Runs, "--json");
        run.Until(HasRows);
        run.Signal(signal);
        var ended = run.End();

        Assert.Equal(130, ended.ExitCode);
        var summary = JsonDocument.Parse(ended.Output).RootElement;
        Assert.Equal("interrupted", summary.GetProperty("status").GetString());
        Assert.True(summary.GetProperty("updates").GetInt64() > 0);
        Assert.Equal("interrupted", Listed().GetProperty("status").GetString());
    }

    [Fact]
    public void ASecondSignal_EndsTheProcessAtOnce()
    {
        // The last evaluation of an orderly end takes far longer than the second signal.
        var file = program.Pipeline(Pipelines.Endless.Replace("\"test\": 300", "\"test\": 60000"));
        using var run = program.Start(
            "run", file, "--set", "evaluation={\"atStart\":false,\"everyEpochs\":1000000}", "--output", program.Runs, "--json", "--quiet");
        run.Until(HasRows);
        run.Signal(2);
        run.SignalUntilEnd(2);
        var ended = run.End();

        Assert.Equal(130, ended.ExitCode);
        Assert.Empty(ended.Output);
        Assert.Equal("interrupted", Listed().GetProperty("status").GetString());
    }

    [Fact]
    public void AKill_LeavesARunThatReadsAsInterrupted()
    {
        using var run = program.Start("run", program.Pipeline(Pipelines.Endless), "--output", program.Runs, "--quiet");
        run.Until(HasRows);
        Assert.Equal("running", Listed().GetProperty("status").GetString());
        run.Signal(9);
        run.End();

        var listed = Listed();
        Assert.Equal("interrupted", listed.GetProperty("status").GetString());
        var shown = program.Run("runs", "show", listed.GetProperty("id").GetString()!, "--output", program.Runs, "--json");
        Assert.True(JsonDocument.Parse(shown.Output).RootElement.GetProperty("updates").GetInt64() > 0, shown.Error);
    }

    [Fact]
    public void AFullDisk_EndsTheRunAsFailed_NamingTheFile()
    {
        var disk = Directory.CreateDirectory(Path.Combine(program.Folder, "disk")).FullName;
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=192k", "tmpfs", disk]) { RedirectStandardError = true });
        mount!.WaitForExit();
        Assert.SkipUnless(mount.ExitCode == 0, "skipped: a small file system can only be mounted by root");
        try
        {
            var ended = program.Run("run", program.Pipeline(Pipelines.Endless), "--output", disk, "--json", "--quiet");

            Assert.Equal(1, ended.ExitCode);
            var summary = JsonDocument.Parse(ended.Output).RootElement;
            Assert.Equal("failed", summary.GetProperty("status").GetString());
            Assert.Contains("updates.csv", summary.GetProperty("message").GetString());
            Assert.Contains("version", summary.GetProperty("message").GetString());
        }
        finally
        {
            Process.Start("umount", [disk]).WaitForExit();
        }
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void TenThousandWorkers_StayWithinTheMemoryFormula()
    {
        var file = program.Pipeline("""
            {
              "dataset": { "type": "glyphs", "train": 20000, "test": 100 },
              "model": "softmax-regression",
              "optimizer": { "type": "sgd", "learningRate": 0.01 },
              "workers": { "count": 10000, "batchSize": 2, "compute": { "type": "gamma", "meanMs": 10 } },
              "stop": { "updates": 20000 },
              "evaluation": { "atStart": false }
            }
            """);
        var validated = program.Run("validate", file, "--json");
        var estimate = JsonDocument.Parse(validated.Output).RootElement.GetProperty("memoryBytes").GetInt64();
        var peak = 0L;
        using var run = program.Start("run", file, "--output", program.Runs, "--json", "--quiet");
        run.UntilEnd(() => peak = Math.Max(peak, ChildProcesses.PeakMemory(run.Id)));
        var ended = run.End();

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal(20000, JsonDocument.Parse(ended.Output).RootElement.GetProperty("updates").GetInt64());

        // The formula counts what grows; the program itself, its runtime and the data set come on
        // top.
        Assert.InRange(peak, estimate / 2, estimate + 250_000_000);
    }

    [Theory]
    [InlineData("run", "no-such-file.json")]
    [InlineData("run")]
    [InlineData("run", "x.json", "--threads", "many")]
    [InlineData("jog")]
    [InlineData("runs", "show", "nothing")]
    public void BadInput_IsOneMessage_AndExitCode64(params string[] arguments)
    {
        var ended = program.Run(arguments);

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("error:", ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
        Assert.Empty(ended.Output);
    }

    [Fact]
    public void AllMistakes_AreShownAtOnce()
    {
        var ended = program.Run(
            "run", program.Pipeline(Pipelines.Small.Replace("\"sgd\"", "\"sdg\"").Replace("\"count\": 6", "\"count\": -6")), "--output", program.Runs);

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("'sdg'", ended.Error);
        Assert.Contains("sgd", ended.Error);
        Assert.Contains("-6", ended.Error);
        Assert.False(Directory.Exists(program.Runs));
    }

    private bool HasRows()
    {
        var file = Directory.Exists(program.Runs) ? Directory.EnumerateFiles(program.Runs, "updates.csv", SearchOption.AllDirectories).FirstOrDefault() : null;
        return file is not null && new FileInfo(file).Length > 4096;
    }

    private JsonElement Listed()
    {
        var listed = program.Run("runs", "list", "--output", program.Runs, "--json");
        return JsonDocument.Parse(listed.Output).RootElement[0];
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Host.Tests;

/// <summary>
/// What machines do to runs: file systems, clocks, memory. Each has a defined outcome.
/// </summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void AReadOnlyFolder_IsOneMessage_BeforeAnythingStarts()
    {
        var folder = Directory.CreateDirectory(Path.Combine(program.Folder, "read-only")).FullName;
        Assert.SkipUnless(Does("mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", folder), "skipped: no file system may be mounted here");
        try
        {
            var ended = program.Run("run", program.Pipeline(Pipelines.Small), "--quiet", "--output", folder);

            Assert.Equal(1, ended.ExitCode);
            Assert.Matches($"^error: {folder}/.*: cannot be written: .*[Rr]ead-only", ended.Error);
            Assert.Single(ended.Error.Trim().Split('\n'));
        }
        finally
        {
            Does("umount", folder);
        }
    }

    [Fact]
    public void NoPlaceForCopiesOfPlugins_IsOneSentence_ThatNamesBothFolders()
    {
        var nowhere = program.Pipeline("", "a-file");
        var variables = new Dictionary<string, string> { ["XDG_CACHE_HOME"] = nowhere, ["TMPDIR"] = Path.Combine(nowhere, "temporary") };
        using var run = program.StartWith(variables, "run", program.Pipeline(Pipelines.Small), "--quiet", "--output", program.Runs);
        var ended = run.End();

        Assert.Equal(64, ended.ExitCode);
        var told = Assert.Single(ended.Error.Trim().Split('\n'));
        Assert.Contains($"neither {nowhere}/orchestrator/plugins", told, StringComparison.Ordinal);
        Assert.Contains($"nor the temporary folder {nowhere}/temporary", told, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatVanishes_EndsTheRunAsFailed_NamingTheFile()
    {
        using var run = program.Start("run", program.Pipeline(Pipelines.Endless), "--json", "--quiet", "--output", program.Runs);
        run.Until(() => Directory.Exists(program.Runs) && Directory.EnumerateFiles(program.Runs, "updates.csv", SearchOption.AllDirectories).Any());

        // Moved, not deleted: the run may be making a file in it at this moment, and a folder that
        // fills cannot be deleted.
        Directory.Move(program.Runs, program.Runs + "-gone");
        var ended = run.End();

        Assert.Equal(1, ended.ExitCode);
        var summary = Cli.Summary(ended.Output);
        Assert.Equal("failed", summary.GetProperty("status").GetString());
        Assert.Matches($@"^{program.Runs}/.*: cannot be written: .* \(version \d+, virtual time", summary.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("virtual")]
    [InlineData("wall")]
    public void AClockThatJumps_ChangesNeitherResultNorDuration(string clock)
    {
        var library = new[] { "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu" }.Select(f => $"{f}/faketime/libfaketime.so.1")
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(library is null, "skipped: libfaketime is not installed");
        var file = program.Pipeline(Pipelines.Small);
        var offset = Path.Combine(program.Folder, "offset");
        File.WriteAllText(offset, "+0");
        var variables = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library!,
            ["FAKETIME_TIMESTAMP_FILE"] = offset,
            ["FAKETIME_NO_CACHE"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",
        };
        var watch = Stopwatch.StartNew();
        using var run = program.StartWith(variables, "run", file, "--json", "--quiet", "--output", program.Runs, "--set", $"clock={clock}");
        var jumps = 0;
        while (!run.EndsWithin(20))
        {
            // A step for each look: months ahead, then months behind.
            File.WriteAllText(offset + ".new", string.Create(CultureInfo.InvariantCulture, $"{(jumps % 2 == 0 ? "+" : "-")}{30 + jumps}d"));
            File.Move(offset + ".new", offset, overwrite: true);
            jumps++;
        }

        var summary = Cli.Summary(run.End().Output);
        var folder = summary.GetProperty("folder").GetString()!;
        Assert.True(jumps > 10);
        Assert.Equal("completed", summary.GetProperty("status").GetString());
        Assert.InRange(summary.GetProperty("wallSeconds").GetDouble(), 0, watch.Elapsed.TotalSeconds);
        Assert.All(
            File.ReadLines(Path.Combine(folder, "updates.csv")).Skip(1),
            row => Assert.InRange(long.Parse(row.Split(',')[18], CultureInfo.InvariantCulture), 0, (long)watch.Elapsed.TotalNanoseconds));
        if (clock == "virtual")
        {
            Assert.Equal(program.RunJson(file, 0).GetProperty("digest").GetString(), summary.GetProperty("digest").GetString());
        }
    }

    [Fact]
    public void AWorkerTenThousandTimesSlower_HoldsNobodyUp()
    {
        var file = program.Pipeline(Pipelines.Small);
        string[] slow =
            [
                "--set", "workers.overrides=[{\"workers\":[1],\"compute\":{\"type\":\"constant\",\"ms\":100000}}]", "--set",
                "workers.compute={\"type\":\"constant\",\"ms\":10}"];
        var summary = program.RunJson(file, 0, slow);
        Assert.Equal("completed", summary.GetProperty("status").GetString());
        Assert.Equal(summary.GetProperty("digest").GetString(), program.RunJson(file, 0, [.. slow, "--threads", "1"]).GetProperty("digest").GetString());
        Assert.DoesNotContain(
            ",1,",
            File.ReadLines(Path.Combine(summary.GetProperty("folder").GetString()!, "updates.csv")).Skip(1).Select(row => "," + row.Split(',')[2] + ","));

        // On the wall clock its delay is real: the run ends without it.
        var onWall = program.RunJson(
            file, 0, "--set", "clock=wall", "--set", "workers.compute=null", "--set",
            "workers.overrides=[{\"workers\":[1],\"delay\":{\"type\":\"constant\",\"ms\":3000000}}]");
        Assert.Equal("completed", onWall.GetProperty("status").GetString());
        Assert.InRange(onWall.GetProperty("wallSeconds").GetDouble(), 0, 300);
    }

    [Fact]
    public void AHostWithoutMemory_Leaves_AndItsWorkIsDoneElsewhere()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "skipped: address space is limited by a shell");
        var file = program.Pipeline(Wide);
        var digest = program.RunJson(file, 0).GetProperty("digest").GetString();
        var (port, token) = (Cli.FreePort(), Path.Combine(program.Folder, "run.token"));
        // A vector of 75 MB takes its time on a busy machine.
        using var run = program.Start(
            "run", file, "--json", "--quiet", "--output", program.Runs, "--set", "transport.type=tcp", "--set", "transport.silenceSeconds=120",
            "--listen", $"127.0.0.1:{port}", "--token-file", token);
        run.Until(() => File.Exists(token));

        string[] join = ["worker", "--server", $"127.0.0.1:{port}", "--token-file", token, "--threads", "1"];
        using var poor = program.StartShell(
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x8000000" }, "ulimit -v 2100000; exec \"$0\" \"$@\"", join);
        var left = poor.End();

        // Its own check ends it with a sentence; where the runtime finds no memory first, that
        // aborts the process (134) and says so itself.
        Assert.True(left.ExitCode is 1 or 134, $"{left.ExitCode}: {left.Error}");
        Assert.Contains("out of memory", left.Error, StringComparison.OrdinalIgnoreCase);

        var rich = program.Run(join);
        var ended = run.End();
        Assert.True(rich.ExitCode == 0 && ended.ExitCode == 0, rich.Error + ended.Error);
        Assert.Equal(digest, Cli.Summary(ended.Output).GetProperty("digest").GetString());
        Assert.Contains("gradient-lost", File.ReadAllText(Path.Combine(Cli.Summary(ended.Output).GetProperty("folder").GetString()!, "events.csv")));
    }

    // Every vector of its host takes 75 MB.
    private const string Wide = """
        {
          "name": "wide",
          "dataset": { "type": "glyphs", "train": 100, "test": 20 },
          "model": { "type": "mlp", "hidden": [4000, 4000] },
          "optimizer": { "type": "sgd", "learningRate": 0.01 },
          "workers": { "count": 4, "batchSize": 4, "compute": { "type": "constant", "ms": 10 } },
          "stop": { "updates": 8 },
          "evaluation": { "everyUpdates": 100, "atStart": false }
        }
        """;

    private static bool Does(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}

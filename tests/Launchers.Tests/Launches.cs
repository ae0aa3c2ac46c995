using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Host.Tests;

namespace Orchestrator.Launchers.Tests;

/// <summary>What tests launch, and how they see it end.</summary>
internal static class Launches
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>A sweep of four runs of a fraction of a second each.</summary>
    public const string Sweep = """
        {
          "name": "small", "dataset": { "type": "quadratic", "samples": 64 }, "model": "quadratic", "optimizer": { "type": "sgd", "learningRate": 0.01 },
          "workers": { "count": 3, "batchSize": 1, "compute": { "type": "gamma", "meanMs": 10 } },
          "stop": { "updates": 2000 }, "evaluation": { "everyUpdates": 500 },
          "sweep": { "axes": { "optimizer.momentum": [0, 0.5] }, "seeds": 2 }
        }
        """;

    /// <summary>Skips a test of a launcher that cannot start anything here.</summary>
    public static void Need(string launcher)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: the scripts are for a Unix shell");
        Assert.SkipWhen(launcher == "mpi" && !Programs.Find("mpirun"), "skipped: mpirun is not here; Debian has it in openmpi-bin");
        Assert.SkipWhen(launcher == "slurm" && OwnSlurm.Unavailable is not null, $"skipped: {OwnSlurm.Unavailable}");
    }

    /// <summary>Waits until none of a launch's tasks waits or runs.</summary>
    /// <returns>How they ended.</returns>
    public static string[] WaitFor(Cli program, string output, string launch)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var ended = program.Run("launch", "status", launch, "--json", "--output", output);
            Assert.True(ended.ExitCode is 0 or 1 && ended.Output.Length > 0, ended.Error);
            string[] states = [.. Cli.Summary(ended.Output).GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("state").GetString()!)];
            if (!states.Any(state => state is "waiting" or "running"))
            {
                return states;
            }

            Assert.True(
                waited.Elapsed < Longest, $"{launch} has not ended: {ended.Output}\n{program.Run("launch", "logs", launch, "--output", output).Output}");
            TestContext.Current.CancellationToken.WaitHandle.WaitOne(200);
        }
    }

    /// <summary>Waits until something is so.</summary>
    public static void Until(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Longest, "it did not come true");
            TestContext.Current.CancellationToken.WaitHandle.WaitOne(50);
        }
    }

    /// <summary>Kills the one program whose command line, with zeros between its words, holds a
    /// text.</summary>
    public static void Kill(string text)
    {
        var found = Process.GetProcessesByName("orchestrator").Where(process => CommandLine(process.Id).Contains(text, StringComparison.Ordinal)).ToList();
        Assert.Single(found).Kill();
    }

    /// <summary>Submits; the summary that is printed.</summary>
    public static JsonElement Submit(Cli program, params string[] arguments)
    {
        var ended = program.Run([.. arguments, "--json"]);
        Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}\n{ended.Error}");
        return Cli.Summary(ended.Output);
    }

    /// <summary>The table of the one sweep in a folder of runs, byte for byte.</summary>
    public static string Table(string output) =>
        File.ReadAllText(Directory.GetFiles(Path.Combine(output, "small"), "table.json", SearchOption.AllDirectories).Single());

    /// <summary>The digests that a sweep's ledger holds, by the run's key.</summary>
    public static SortedDictionary<string, string> Digests(string results)
    {
        var lines = File.ReadAllLines(Path.Combine(results, "small.csv")).Select(line => line.Split(',')).ToList();
        var (key, digest) = (Array.IndexOf(lines[0], "key"), Array.IndexOf(lines[0], "digest"));
        return new SortedDictionary<string, string>(lines.Skip(1).ToDictionary(line => line[key], line => line[digest]), StringComparer.Ordinal);
    }

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}

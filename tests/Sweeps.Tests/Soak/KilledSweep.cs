using System.Diagnostics;
using System.Runtime.Versioning;
using Orchestrator.Host.Tests;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// A sweep that several sweepers with clocks of their own work on in one folder, without locks on
/// files, while their processes are killed, and stopped for longer than a lease, at random moments.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class KilledSweep : IDisposable
{
    public const int Sweepers = 4;

    private const int LeaseSeconds = 2;
    private const int LongestPause = 900;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Random random;
    private readonly string output;
    private readonly Cli program;
    private readonly string[] arguments;
    private readonly Sweeper[] sweepers;
    private readonly List<(int Process, long Until)> stopped = [];

    public KilledSweep(Cli program, string file, string name, Random random)
    {
        (this.program, this.random, output) = (program, random, Path.Combine(program.Folder, name));
        arguments =
            [
                "run", file, "--quiet", "--output", output, "--results", Path.Combine(output, "results"), "--retry", "--lease", $"{LeaseSeconds}",
                "--checkpoint-updates", "4000"];
        sweepers = [.. Enumerable.Range(0, Sweepers).Select(i => new Sweeper(program, SoakClock.All[i % SoakClock.All.Count], [.. arguments, "--jobs", "1"]))];
    }

    /// <summary>Moments at which processes were killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Processes that were stopped for longer than a lease.</summary>
    public int Stops { get; private set; }

    /// <summary>How often sweepers were started.</summary>
    public int Starts => sweepers.Sum(sweeper => sweeper.Starts);

    /// <summary>
    /// Works on it, with at most so many kills, until it is complete; then once more undisturbed,
    /// for the table.
    /// </summary>
    /// <exception cref="InvalidOperationException">It did not become complete.</exception>
    public SoakResult Run(int mostKills)
    {
        var clock = Stopwatch.StartNew();
        do
        {
            foreach (var sweeper in sweepers)
            {
                sweeper.Ensure();
            }

            if (Kills < mostKills)
            {
                Disturb(mostKills);
            }

            GoOn(isOver: Kills >= mostKills);
            if (clock.Elapsed > Longest)
            {
                throw new InvalidOperationException($"{output}: not complete after {Longest}.");
            }
        }
        while (!sweepers.Any(sweeper => sweeper.EndsWithin(Pause())) || !IsComplete());

        GoOn(isOver: true);
        foreach (var sweeper in sweepers)
        {
            sweeper.Dispose();
        }

        return Read(program, [.. arguments, "--jobs", "2"], output);
    }

    /// <summary>The same sweep, undisturbed.</summary>
    public static SoakResult Undisturbed(Cli program, string file, string name)
    {
        var output = Path.Combine(program.Folder, name);
        return Read(program, ["run", file, "--quiet", "--jobs", "2", "--output", output, "--results", Path.Combine(output, "results")], output);
    }

    public void Dispose()
    {
        foreach (var sweeper in sweepers)
        {
            sweeper.Dispose();
        }
    }

    private static SoakResult Read(Cli program, string[] arguments, string output)
    {
        var ended = program.Run([.. arguments, "--json"]);
        var swept = ended.ExitCode == 0 ? Cli.Summary(ended.Output) : throw new InvalidOperationException($"exit code {ended.ExitCode}: {ended.Error}");
        var folder = swept.GetProperty("folder").GetString()!;
        return SoakResult.Read(
            output, File.ReadAllText(Path.Combine(folder, "table.json")) + File.ReadAllText(Path.Combine(folder, "table.csv")),
            swept.GetProperty("complete").GetBoolean(), swept.GetProperty("done").GetInt32());
    }

    private int Pause() => random.Next(20, LongestPause);

    // A sweeper ends when nothing is left, and also where what is left has failed: it is told to
    // try that again.
    private bool IsComplete() =>
        sweepers.Any(sweeper => sweeper.EndsWithin(0)) && program.Run("sweep", "status", "soak", "--json", "--output", output) is { ExitCode: 0 } ended
        && Cli.Summary(ended.Output)[0].GetProperty("status").GetString() == "complete";

    private void Disturb(int mostKills)
    {
        // Somebody at work is of interest: most of a short life is the start of the runtime.
        int[] working = [.. Working()];
        if (working.Length == 0)
        {
            return;
        }

        var victim = working[random.Next(working.Length)];
        switch (random.Next(20))
        {
            case < 5:
                if (Signals.TrySend(victim, Signals.Stop))
                {
                    stopped.Add((victim, Environment.TickCount64 + (1000 * LeaseSeconds) + random.Next(500, 4000)));
                    Stops++;
                }

                break;
            case < 14:
                Killed([victim]);
                break;
            case < 18:
                // The one that was started, whose claimant finds out by itself.
                Killed(sweepers.Where(sweeper => sweeper.Tree.Contains(victim)).Select(sweeper => sweeper.Tree[0]));
                break;
            default:
                Killed(sweepers.SelectMany(sweeper => sweeper.Tree));
                break;
        }
    }

    private void Killed(IEnumerable<int> processes)
    {
        var count = 0;
        foreach (var process in processes.ToList())
        {
            count += Signals.TrySend(process, Signals.Kill) ? 1 : 0;
        }

        Kills += count > 0 ? 1 : 0;
    }

    // Claimants that have a run.
    private IEnumerable<int> Working()
    {
        var claims = SweepFolder.ClaimsOf(output);
        var owners = (Directory.Exists(claims) ? Directory.EnumerateDirectories(claims) : []).Select(folder => new ClaimFolder(folder))
            .Select(folder => (Folder: folder, Found: folder.Read())).Where(claim => claim.Found.State == ClaimState.Claimed)
            .Select(claim => claim.Folder.Owner(claim.Found.Last)?.Process ?? 0).ToHashSet();
        return sweepers.SelectMany(sweeper => sweeper.Claimants)
            .Where(process => owners.Contains(process) && stopped.TrueForAll(other => other.Process != process));
    }

    private void GoOn(bool isOver)
    {
        var now = Environment.TickCount64;
        foreach (var (process, _) in stopped.Where(s => isOver || s.Until <= now))
        {
            Signals.TrySend(process, Signals.Continue);
        }

        stopped.RemoveAll(s => isOver || s.Until <= now);
    }
}

/// <summary>What a sweep left.</summary>
/// <param name="Table">Its table, as JSON and as CSV.</param>
/// <param name="IsComplete">Whether nothing is left to run.</param>
/// <param name="Done">Runs that it rests on.</param>
/// <param name="Digests">Of each completed run the digest, by key.</param>
/// <param name="Seconds">Runs that were completed a second time, and compared.</param>
/// <param name="Different">Completions beside the first, told or not, with another digest.</param>
/// <param name="Attempts">Run folders.</param>
internal sealed record SoakResult(
    string Table, bool IsComplete, int Done, IReadOnlyDictionary<string, string?> Digests, int Seconds, int Different, int Attempts)
{
    public static SoakResult Read(string output, string table, bool isComplete, int done)
    {
        var (digests, seconds, different) = (new SortedDictionary<string, string?>(StringComparer.Ordinal), 0, 0);
        foreach (var folder in Directory.EnumerateDirectories(SweepFolder.ClaimsOf(output)).Select(path => new ClaimFolder(path)))
        {
            if (folder.ReadDone() is { } first)
            {
                digests.Add(first.Key, first.Digest);
                seconds += folder.ReadSeconds().Count;
                different += folder.ReadSeconds().Count(second => !second.IsSame || second.Run.Digest != first.Digest);
            }
        }

        // Also those that were completed and whose process was killed before it could say so.
        var runs = RunReader.List(output).Runs;
        different += runs.Count(run => run is { Status: Abstractions.RunStatus.Completed, Document: { } document }
            && document.Run.Options.TryGetValue("key", out var key) && digests.GetValueOrDefault(key) != document.Digest);
        return new SoakResult(table, isComplete, done, digests, seconds, different, runs.Count);
    }

    /// <summary>
    /// Whether a disturbed sweep came to the same. Beside the runs that a search rests on there are
    /// those that ended before they could be told to pause at a mark; which ones, is chance.
    /// </summary>
    public bool IsSame(SoakResult disturbed) =>
        IsComplete && disturbed.IsComplete && disturbed.Different == 0 && Table == disturbed.Table && Done == disturbed.Done
        && Digests.All(pair => !disturbed.Digests.TryGetValue(pair.Key, out var digest) || digest == pair.Value);
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Orchestrator.Host.Tests;

namespace Orchestrator.Launchers.Tests;

/// <summary>
/// Sweeps in Slurm that are disturbed, round after round, until there were enough disturbances; each
/// is compared with the same sweep on this machine alone.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SoakRounds
{
    private const int DefaultDisturbances = 300;
    private const int Runs = 24;
    private const int Tasks = 8;

    // A sweep ends some day: its last run is not disturbed for ever.
    private const int MostInARound = 60;

    // A run takes some seconds of a processor.
    private static readonly string Sweep = Launches.Sweep.Replace("\"updates\": 2000", "\"updates\": 20000", StringComparison.Ordinal)
        .Replace("[0, 0.5] }, \"seeds\": 2", "[0, 0.5, 0.9] }, \"seeds\": 8", StringComparison.Ordinal);

    /// <param name="arguments">Disturbances, and the seed of their moments; by default 300 and
    /// 1.</param>
    /// <returns>The exit code: 0 without any difference.</returns>
    public static int Run(string[] arguments)
    {
        var numbers = arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var wanted = numbers.ElementAtOrDefault(0) is > 0 and var some ? some : DefaultDisturbances;
        var seed = numbers.ElementAtOrDefault(1) is > 0 and var given ? given : 1;
        using var slurm = new OwnSlurm();
        if (OwnSlurm.Unavailable is { } reason)
        {
            Console.Error.WriteLine(reason);
            return 2;
        }

        using var program = new Cli();
        var (clock, scheduler, file) = (Stopwatch.StartNew(), new Scheduler(OwnSlurm.Folder!), program.Pipeline(Sweep));
        var laptop = Path.Combine(program.Folder, "laptop");
        program.Run("run", file, "--quiet", "--no-report", "--jobs", "2", "--output", laptop, "--results", laptop);
        var (table, digests) = (Launches.Table(laptop), Launches.Digests(laptop));
        var (rounds, count, wrong, again, missing, attempts, submissions) = (0, 0, 0, 0, 0, 0, 0);
        var (kinds, drains, killed) = (DisturbedSweep.Kinds.ToDictionary(kind => kind, _ => 0), new List<double>(), 0);
        while (count < wanted)
        {
            var output = Path.Combine(program.Folder, $"round-{rounds}");
            var sweep = new DisturbedSweep(program, scheduler, file, output, Tasks, new Random((1000 * seed) + rounds));
            var disturbed = sweep.Run(Math.Min(MostInARound, wanted - count), Runs);
            var found = Launches.Digests(output);
            var differ = digests.Count(run => found.GetValueOrDefault(run.Key) is { } digest && digest != run.Value);
            var isSame = differ == 0 && found.Count == Runs && Launches.Table(output) == table;
            (rounds, count, wrong) = (rounds + 1, count + disturbed, wrong + differ + sweep.Claims.Different + (isSame || differ > 0 ? 0 : 1));
            (again, missing, attempts, submissions) =
                (again + sweep.Claims.Again, missing + digests.Keys.Count(key => !found.ContainsKey(key)), attempts + sweep.Claims.Attempts,
                submissions + sweep.Submissions - 1);
            drains.AddRange(sweep.Drains);
            killed += sweep.Killed;
            foreach (var (kind, times) in sweep.Counts)
            {
                kinds[kind] += times;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {rounds}: {disturbed} disturbances, {Runs} runs in {sweep.Claims.Attempts} attempts, {sweep.Submissions - 1} submissions, ")
                + $"handed back within {Most(sweep.Drains)}: {(isSame ? "the laptop's table and digests" : "DIFFERENT")}; "
                + $"{count} so far, {Minutes(clock)}");
            Directory.Delete(output, recursive: true);
        }

        Console.WriteLine(string.Join(", ", kinds.Select(kind => $"{kind.Value} {kind.Key}")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} sweeps of {Runs} runs, {count} disturbances, {attempts} attempts, {submissions} submissions: ")
            + $"{wrong} digests or tables differ, {missing} runs lost, {again} completed twice and compared; told to end, a task had handed back "
            + $"within {Most(drains)}, {killed} were killed before that; seed {seed}, {Minutes(clock)}");
        return wrong + missing == 0 && drains.TrueForAll(seconds => seconds <= DisturbedSweep.LongestDrain) ? 0 : 1;
    }

    private static string Most(List<double> seconds) => seconds.Count == 0 ? "no time"
        : FormattableString.Invariant($"{seconds.Max():F1} s, {seconds.Order().ElementAt(seconds.Count / 2):F1} s in the median of {seconds.Count}");

    private static string Minutes(Stopwatch clock) => FormattableString.Invariant($"{clock.Elapsed.TotalMinutes:F0} minutes");
}

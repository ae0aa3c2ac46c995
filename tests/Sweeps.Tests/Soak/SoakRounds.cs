using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// Sweeps that are disturbed, round after round, until enough processes were killed; each is
/// compared with an undisturbed one.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SoakRounds
{
    private const int DefaultKills = 200;

    private static readonly (string Name, string Sweep)[] Sweeps =
    [
        ("grid", """{ "axes": { "optimizer.momentum": [0, 0.3, 0.6, 0.9], "workers.count": [2, 3, 5] }, "seeds": 4 }"""),
        (
            "halving",
            """{ "axes": { "optimizer.momentum": [0, 0.2, 0.4, 0.6, 0.8, 0.9], "workers.count": [2, 3, 5] }, "seeds": 2, "search": """
                + """{ "type": "successive-halving", "epochs": [50, 200], "keep": 2 } }"""),
    ];

    /// <param name="arguments">Kills, and the seed of their moments; by default 200 and 1.</param>
    /// <returns>The exit code: 0 without any difference.</returns>
    public static int Run(string[] arguments)
    {
        var numbers = arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (wanted, seed) = (
            numbers.ElementAtOrDefault(0) is > 0 and var kills ? kills : DefaultKills, numbers.ElementAtOrDefault(1) is > 0 and var given ? given : 1);
        using var program = new Cli();
        var clock = Stopwatch.StartNew();
        var files = Sweeps.Select(sweep => program.Pipeline(Pipelines.Soak(sweep.Sweep), $"{sweep.Name}.json")).ToArray();
        var expected = files.Select((file, i) => KilledSweep.Undisturbed(program, file, $"undisturbed-{Sweeps[i].Name}")).ToArray();
        var (rounds, killed, stopped, starts, seconds, attempts, wrong) = (0, 0, 0, 0, 0, 0, 0);
        Console.WriteLine($"{KilledSweep.Sweepers} sweepers; clocks: {string.Join("; ", SoakClock.All.Select(c => c.Name))}; locks on files off");
        while (killed < wanted)
        {
            var which = rounds % Sweeps.Length;
            using var sweep = new KilledSweep(program, files[which], $"round-{rounds}", new Random((seed * 1_000) + rounds));
            var result = sweep.Run(wanted - killed);
            var isSame = expected[which].IsSame(result);
            (rounds, killed, stopped, starts) = (rounds + 1, killed + sweep.Kills, stopped + sweep.Stops, starts + sweep.Starts);
            (seconds, attempts, wrong) = (seconds + result.Seconds, attempts + result.Attempts, wrong + (isSame ? 0 : 1));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Sweeps[which].Name}: {sweep.Kills} kills, {sweep.Stops} stops, {sweep.Starts} starts, {result.Done} runs in {result.Attempts} attempts, "
                    + $"{result.Seconds} completed twice and compared: {(isSame ? "the same table and digests" : "DIFFERENT")}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}: {rounds} sweeps, {killed} kills, {stopped} stops beyond the lease, {starts} starts, {attempts} attempts, "
                + $"{seconds} runs completed twice and compared, {wrong} sweeps differ; seed {seed}, {clock.Elapsed.TotalMinutes:F0} minutes"));
        return wrong == 0 ? 0 : 1;
    }
}

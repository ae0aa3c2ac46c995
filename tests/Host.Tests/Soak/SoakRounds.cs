using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Orchestrator.Host.Tests;

/// <summary>
/// Every rule, over every transport, with hosts and servers killed at random moments, against the
/// digest of an undisturbed run; again and again until enough were killed.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SoakRounds
{
    private static readonly string[] Transports = ["in-process", "shared-memory", "tcp"];

    /// <param name="arguments">Hosts to kill, servers to kill, seed of the moments; by default 200,
    /// 20 and 1.</param>
    /// <returns>The exit code: 0 without any difference.</returns>
    public static int Run(string[] arguments)
    {
        var numbers = arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (wantedHosts, wantedServers, seed) = (numbers.ElementAtOrDefault(0), numbers.ElementAtOrDefault(1), numbers.ElementAtOrDefault(2));
        (wantedHosts, wantedServers, seed) = (wantedHosts > 0 ? wantedHosts : 200, wantedServers > 0 ? wantedServers : 20, seed > 0 ? seed : 1);
        using var program = new Cli();
        var (clock, cases) = (Stopwatch.StartNew(), SoakCase.All(program));
        var (runs, hosts, servers, differences) = (0, 0, 0, 0);
        for (var round = 0; round == 0 || hosts < wantedHosts || servers < wantedServers; round++)
        {
            for (var number = 0; number < cases.Count; number++)
            {
                var (@case, start) = (cases[number], (((seed * 1_000) + round) * 1_000) + number);
                var expected = Undisturbed(program, @case);
                var ends = new Disturbed[Transports.Length];
                Parallel.For(0, ends.Length, i => ends[i] = Disturb(program, @case, Transports[i], new Random((start * ends.Length) + i)));
                for (var i = 0; i < ends.Length; i++)
                {
                    var (digest, killedHosts, killedServers) = ends[i];
                    var same = expected is not null && digest == expected;
                    (runs, hosts, servers, differences) = (runs + 1, hosts + killedHosts, servers + killedServers, differences + (same ? 0 : 1));
                    Console.WriteLine(
                        $"{@case.Name}, {Transports[i]}: {killedHosts} hosts and {killedServers} servers killed, "
                            + $"{(same ? "same digest" : $"DIFFERENT: {digest}, expected {expected}")}");
                }
            }
        }

        var left = Directory.EnumerateFiles("/dev/shm", "orchestrator-*").Count();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}: {cases.Count} pipelines, {runs} disturbed runs, {hosts} worker hosts and {servers} servers killed, {differences} "
                + $"digests differ, {left} files left in /dev/shm; seed {seed}, {clock.Elapsed.TotalMinutes:F0} minutes"));
        return differences == 0 && left == 0 && hosts >= wantedHosts && servers >= wantedServers ? 0 : 1;
    }

    // Null where it does not even run.
    private static string? Undisturbed(Cli program, SoakCase @case)
    {
        var ended = program.Run(["run", program.Pipeline(SoakCase.Pipeline), "--json", "--quiet", "--output", program.Runs, .. @case.Arguments]);
        if (ended.ExitCode == 0)
        {
            return Cli.Summary(ended.Output).GetProperty("digest").GetString();
        }

        Console.WriteLine($"{@case.Name}: {ended.Error}");
        return null;
    }

    private static Disturbed Disturb(Cli program, SoakCase @case, string transport, Random random)
    {
        var run = new DisturbedRun(program, @case, transport, random);
        try
        {
            return new Disturbed(run.Digest(random.Next(2, 7), random.Next(3)), run.Hosts, run.Servers);
        }
        catch (InvalidOperationException failure)
        {
            return new Disturbed(failure.Message, run.Hosts, run.Servers);
        }
    }

    private readonly record struct Disturbed(string Digest, int Hosts, int Servers);
}

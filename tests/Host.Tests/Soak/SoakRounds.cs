using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Orchestrator.Host.Tests;

/// <summary>
/// Every rule, over every transport, with hosts and servers killed at random moments, against the digest of an undisturbed run; again and again until enough
/// were killed.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SoakRounds
{
    private static readonly string[] Transports = ["in-process", "shared-memory", "tcp"];

    /// <param name="arguments">Hosts to kill, servers to kill, seed of the moments; by default 200, 20 and 1.</param>
    /// <returns>The exit code: 0 without any difference.</returns>
    public static int Run(string[] arguments)
    {
        var numbers = arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (wantedHosts, wantedServers, seed) = (numbers.ElementAtOrDefault(0), numbers.ElementAtOrDefault(1), numbers.ElementAtOrDefault(2));
        (wantedHosts, wantedServers, seed) = (wantedHosts > 0 ? wantedHosts : 200, wantedServers > 0 ? wantedServers : 20, seed > 0 ? seed : 1);
        using var program = new Cli();
        var (random, clock, cases) = (new Random(seed), Stopwatch.StartNew(), SoakCase.All(program));
        var (runs, hosts, servers, differences) = (0, 0, 0, 0);
        for (var round = 1; round == 1 || hosts < wantedHosts || servers < wantedServers; round++)
        {
            foreach (var @case in cases)
            {
                var expected = program.RunJson(program.Pipeline(SoakCase.Pipeline), 0, @case.Arguments).GetProperty("digest").GetString();
                foreach (var transport in Transports)
                {
                    var (digest, killedHosts, killedServers) = Disturb(program, @case, transport, random);
                    (runs, hosts, servers) = (runs + 1, hosts + killedHosts, servers + killedServers);
                    differences += digest == expected ? 0 : 1;
                    Console.WriteLine($"{@case.Name}, {transport}: {killedHosts} hosts and {killedServers} servers killed, {(digest == expected ? "same digest" : $"DIFFERENT: {digest}, expected {expected}")}");
                }
            }
        }

        var left = Directory.EnumerateFiles("/dev/shm", "orchestrator-*").Count();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}: {cases.Count} pipelines, {runs} disturbed runs, {hosts} worker hosts and {servers} servers killed, {differences} digests differ, {left} files left in /dev/shm; seed {seed}, {clock.Elapsed.TotalMinutes:F0} minutes"));
        return differences == 0 && left == 0 && hosts >= wantedHosts && servers >= wantedServers ? 0 : 1;
    }

    private static (string Digest, int Hosts, int Servers) Disturb(Cli program, SoakCase @case, string transport, Random random)
    {
        var run = new DisturbedRun(program, @case, transport, random);
        try
        {
            return (run.Digest(random.Next(2, 6), random.Next(2)), run.Hosts, run.Servers);
        }
        catch (InvalidOperationException failure)
        {
            return (failure.Message, run.Hosts, run.Servers);
        }
    }
}

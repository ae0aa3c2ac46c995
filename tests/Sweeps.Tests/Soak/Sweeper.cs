using System.Runtime.Versioning;
using Orchestrator.Host.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>One <c>run SWEEP</c> with one job, started again whenever it has ended.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Sweeper(Cli program, SoakClock clock, string[] arguments) : IDisposable
{
    // Every lock on a file fails to be one, as on a file system without locks.
    private static readonly Dictionary<string, string> NoLocks = new() { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" };

    private Cli.Running? running;

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Its processes that live: the one that was started, and all below it.</summary>
    public IReadOnlyList<int> Tree => running is { } root && !root.EndsWithin(0) ? [root.Id, .. Below(root.Id)] : [];

    /// <summary>The processes that run runs.</summary>
    public IReadOnlyList<int> Claimants => [.. Tree.Where(process => IsClaimant(process))];

    /// <summary>Starts it where it does not run.</summary>
    public void Ensure()
    {
        if (running?.EndsWithin(0) == false)
        {
            return;
        }

        running?.Dispose();
        running = program.StartShell(NoLocks, clock.Script, arguments);
        Starts++;
    }

    /// <summary>Whether it ends by itself within some ms.</summary>
    public bool EndsWithin(int milliseconds) => running!.EndsWithin(milliseconds);

    public void Dispose()
    {
        foreach (var process in Tree.Reverse())
        {
            Signals.TrySend(process, Signals.Kill);
        }

        running?.Dispose();
        running = null;
    }

    private static IEnumerable<int> Below(int process) => ChildProcesses.Of(process).SelectMany(child => Below(child).Prepend(child));

    private static bool IsClaimant(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains("sweep-claimant", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}

using System.Diagnostics;

namespace Orchestrator.Sweeps.Tests;

/// <summary>A clock of another machine, for a sweeper and the processes that it starts.</summary>
/// <param name="Name">For people.</param>
/// <param name="Script">A shell script that starts the program, <c>$0</c>, with its arguments,
/// <c>$@</c>.</param>
internal sealed record SoakClock(string Name, string Script)
{
    private const string FakeTime = "/usr/lib/*-linux-gnu/faketime/libfaketime.so.1";
    private const string TimeNamespace = "unshare --time --monotonic 3600 --boottime 3600 --fork --kill-child";

    /// <summary>
    /// This machine's; an hour ahead and an hour behind, where Debian's faketime is installed; and
    /// one whose monotonic clock and time since the boot are an hour ahead, where this user may
    /// make a namespace of time. What the machine cannot do is left out.
    /// </summary>
    public static IReadOnlyList<SoakClock> All { get; } =
    [
        new("as it is", "exec \"$0\" \"$@\""),
        .. Works($"ls {FakeTime}") ? [Shifted("an hour ahead", "+3600s"), Shifted("an hour behind", "-3600s")] : Array.Empty<SoakClock>(),
        .. Works($"{TimeNamespace} true") ? [new SoakClock("monotonic an hour ahead", $"exec {TimeNamespace} \"$0\" \"$@\"")] : Array.Empty<SoakClock>(),
    ];

    private static SoakClock Shifted(string name, string by) =>
        new(name, $"export LD_PRELOAD=\"$(ls {FakeTime} | head -n 1)\" FAKETIME={by} FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1; exec \"$0\" \"$@\"");

    private static bool Works(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

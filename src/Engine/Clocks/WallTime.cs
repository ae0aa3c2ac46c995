#pragma warning disable RS0030 // The wall clock's own file: the one place that reads real time.
using System.Diagnostics;

namespace Orchestrator.Engine;

/// <summary>Real time, monotonic, in nanoseconds from an arbitrary start.</summary>
internal static class WallTime
{
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
}

#pragma warning disable RS0030 // The wall clock's own file: the one place that reads real time.
using System.Diagnostics;

namespace Orchestrator.Engine;

/// <summary>Real time, monotonic, in nanoseconds from an arbitrary start.</summary>
public static class WallTime
{
    private static readonly long Origin = Now;
    private static readonly DateTime OriginDate = DateTime.UtcNow;

    /// <summary>This moment.</summary>
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>
    /// The date and time of a moment, for those who watch from outside; differences are those of
    /// the monotonic clock.
    /// </summary>
    public static DateTime Utc(long moment) => OriginDate.AddTicks((moment - Origin) / 100);
}

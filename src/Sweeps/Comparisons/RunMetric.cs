using Orchestrator.RunFolders;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>A number of a run's summary that runs can be compared by.</summary>
/// <param name="Key">As typed.</param>
/// <param name="Table">As tables have it.</param>
/// <param name="Value">Reads it; null where the run has none.</param>
/// <param name="DefaultDelta">What does not matter, where nobody says; null where that cannot be known.</param>
public sealed record RunMetric(string Key, TableMetric Table, Func<RunSummary, double?> Value, double? DefaultDelta = null)
{
    /// <summary>All of them, the usual one first.</summary>
    public static IReadOnlyList<RunMetric> All { get; } =
    [
        new("test-accuracy", TableMetric.TestAccuracy, s => s.TestAccuracy, 0.5),
        new("test-loss", new("testLoss", "test loss", "", "", false), s => s.TestLoss),
        new("virtual-seconds", new("virtualSeconds", "virtual time", "s", "s", false), s => s.VirtualSeconds),
        new("wall-seconds", new("wallSeconds", "real time", "s", "s", false), s => s.WallSeconds),
        new("updates-per-second", new("updatesPerSecond", "updates per second of real time", "", "updates/s", true), s => s.UpdatesPerSecond),
        new("staleness-mean", new("staleness.mean", "mean staleness", "updates", "updates", false), s => s.Staleness.Mean),
        new("gap-mean", new("gap.mean", "mean gap", "", "", false), s => s.Gap.Mean),
    ];
}

using Orchestrator.RunFolders;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>A number of a run's summary that runs can be compared by.</summary>
/// <param name="Key">As typed.</param>
/// <param name="Table">As tables have it.</param>
/// <param name="OfRun">Reads it from a run's summary; null where the run has none.</param>
/// <param name="OfRow">Reads it from a sweep's record of a run; null where there is none.</param>
/// <param name="DefaultDelta">What does not matter, where nobody says; null where that cannot be
/// known.</param>
public sealed record RunMetric(string Key, TableMetric Table, Func<RunSummary, double?> OfRun, Func<CompletedRun, double?> OfRow, double? DefaultDelta = null)
{
    /// <summary>All of them, the usual one first.</summary>
    public static IReadOnlyList<RunMetric> All { get; } =
    [
        new("test-accuracy", TableMetric.TestAccuracy, s => s.TestAccuracy, r => r.TestAccuracy, 0.5),
        new("test-loss", new("testLoss", "test loss", "", "", false), s => s.TestLoss, r => r.TestLoss),
        new("validation-accuracy", MetricValues.ValidationAccuracy, s => s.ValidationAccuracy, r => r.ValidationAccuracy, 0.5),
        new("validation-loss", MetricValues.ValidationLoss, s => s.ValidationLoss, r => r.ValidationLoss),
        new("virtual-seconds", new("virtualSeconds", "virtual time", "s", "s", false), s => s.VirtualSeconds, r => r.VirtualSeconds),
        new("wall-seconds", new("wallSeconds", "real time", "s", "s", false), s => s.WallSeconds, r => r.WallSeconds),
        new("updates-per-second", new("updatesPerSecond", "updates per second of real time", "", "updates/s", true), s => s.UpdatesPerSecond, r => r.WallSeconds > 0 ? r.Updates / r.WallSeconds : null),
        new("staleness-mean", new("staleness.mean", "mean staleness", "updates", "updates", false), s => s.Staleness.Mean, r => r.Staleness),
        new("gap-mean", new("gap.mean", "mean gap", "", "", false), s => s.Gap.Mean, _ => null),
    ];
}

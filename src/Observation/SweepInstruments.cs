using System.Diagnostics.Metrics;

namespace Orchestrator.Observation;

/// <summary>How many cells of a sweep are in which state.</summary>
/// <param name="Done">All their runs are completed.</param>
/// <param name="Failed">A run of theirs has failed.</param>
/// <param name="Running">Somebody has a run of theirs.</param>
/// <param name="Waiting">All others.</param>
public readonly record struct SweepCellCounts(int Done, int Failed, int Running, int Waiting);

/// <summary>
/// The instruments of a sweep. Whoever exports asks; nothing is counted in between.
/// </summary>
public sealed class SweepInstruments : IDisposable
{
    private readonly Meter meter;

    /// <param name="meter">Of this sweep alone; disposed of with this.</param>
    /// <param name="sweep">The sweep's id.</param>
    /// <param name="look">Says how many cells are in which state; called at each export.</param>
    public SweepInstruments(Meter meter, string sweep, Func<SweepCellCounts> look)
    {
        this.meter = meter;
        meter.CreateObservableGauge(TelemetryNames.SweepCells, () => Measure(sweep, look()), "{cell}", "cells of a sweep by how they stand");
    }

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<int>> Measure(string sweep, SweepCellCounts counts)
    {
        foreach (var (state, count) in ((string, int)[])[("done", counts.Done), ("failed", counts.Failed), ("running", counts.Running), ("waiting", counts.Waiting)])
        {
            yield return new Measurement<int>(count, new KeyValuePair<string, object?>(TelemetryNames.SweepAttribute, sweep), new KeyValuePair<string, object?>(TelemetryNames.StateAttribute, state));
        }
    }
}

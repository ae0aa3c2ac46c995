using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Orchestrator.Composition;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>
/// What the process that runs a sweep exports: how many cells are in which state. Its runs are
/// exported by the processes that run them.
/// </summary>
public sealed class SweepTelemetry : IDisposable
{
    // How long the end of a sweep waits for the last export, ms.
    private const int Patience = 5_000;

    private readonly ExportCounts counts = new("metrics");
    private readonly SweepInstruments? instruments;
    private readonly MeterProvider? provider;

    /// <param name="settings">The pipeline's section; null without one.</param>
    /// <param name="sweep">The sweep's id.</param>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="look">Says how many cells are in which state.</param>
    /// <param name="variable">The value of an OTEL_* variable, or null.</param>
    public SweepTelemetry(TelemetrySettings? settings, string sweep, string name, string version, Func<SweepCellCounts> look, Func<string, string?> variable)
    {
        var plan = TelemetryPlan.From(settings, variable);
        var warnings = new List<string>(plan.Warnings);
        Warnings = warnings;
        if (!plan.Metrics)
        {
            return;
        }

        try
        {
            var options = plan.Endpoints.Options("METRICS");
            instruments = new SweepInstruments(new Meter(new MeterOptions(TelemetryNames.Source) { Scope = this }), sweep, look);
            provider = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(RunResource.OfSweep(sweep, name, version)).AddMeter(TelemetryNames.Source)
                .AddView(instrument => instrument.Meter.Scope == this ? null : MetricStreamConfiguration.Drop)
                .AddReader(new PeriodicExportingMetricReader(new CountingMetricExporter(options, counts), plan.MetricsInterval, options.TimeoutMilliseconds))
                .Build();
        }
        catch (Exception failure)
        {
            // Whatever an exporter makes of what it finds around it costs telemetry, not the sweep.
            warnings.Add($"telemetry: metrics are not exported: {failure.Message}");
        }
    }

    /// <summary>Variables that were ignored, and what could not be exported, in words.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Exports the last counts, for a bounded time.</summary>
    /// <returns>What was lost, in words; null when nothing was.</returns>
    public string? Close()
    {
        if (provider is null)
        {
            return null;
        }

        var end = Task.Factory.StartNew(provider.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return end.Wait(Patience) ? counts.Lost(counted: false) : "telemetry: the last export of metrics did not reach the receiver";
    }

    public void Dispose() => instruments?.Dispose();
}

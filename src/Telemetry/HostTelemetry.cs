using System.Diagnostics;
using OpenTelemetry.Trace;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>
/// What a worker host of another process exports: its part of each trace. All else of a run is
/// known to the server. OTEL_* variables decide.
/// </summary>
public sealed class HostTelemetry : IDisposable
{
    // Less than the server waits for its own hosts to end, ms; and less still as soon as the
    // receiver turns out to be stuck.
    private const int Patience = 8_000;
    private const int Glance = 50;

    private readonly ExportCounts spans = new("spans");
    private readonly TracerProvider? provider;

    /// <param name="run">The run folder's name.</param>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="variable">The value of an OTEL_* variable, or null.</param>
    public HostTelemetry(string run, string name, string version, Func<string, string?> variable)
    {
        var plan = TelemetryPlan.From(null, variable);
        Warnings = plan.Warnings;
        if (!plan.Traces)
        {
            return;
        }

        try
        {
            var source = new ActivitySource(TelemetryNames.Source);
            provider = SpanExport.Start(source, RunResource.Of(run, name, version, []), plan, spans);
            Traces = new HostTraces(source);
        }
        catch (Exception failure)
        {
            // Whatever an exporter makes of what it finds around it costs the spans, not the host.
            Warnings = [.. plan.Warnings, $"telemetry: traces are not exported: {failure.Message}"];
        }
    }

    /// <summary>Makes the spans; null where traces are not wanted.</summary>
    public HostTraces? Traces { get; }

    /// <summary>Variables that were ignored, in words.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Sends what is waiting, for a bounded time.</summary>
    /// <returns>What was lost, in words; null when nothing was.</returns>
    public string? Close()
    {
        if (provider is null)
        {
            return null;
        }

        // Ended, not flushed: a flush comes back when the exporter has begun with the last spans.
        var end = Task.Factory.StartNew(provider.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var deadline = Environment.TickCount64 + Patience;
        while (!end.Wait(Glance) && Environment.TickCount64 < deadline && !spans.IsStuck)
        {
        }

        return spans.Lost(counted: true);
    }

    public void Dispose() => Traces?.Dispose();
}

using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Orchestrator.Telemetry;

/// <summary>
/// Spans on their way to the receiver: batches from a queue that drops and counts.
/// </summary>
internal static class SpanExport
{
    /// <param name="source">Whose spans are exported. Providers listen by name, and the runs of a
    /// process share theirs.</param>
    /// <param name="resource">Who speaks.</param>
    /// <param name="plan">Where to.</param>
    /// <param name="counts">Told what becomes of them.</param>
    public static TracerProvider Start(ActivitySource source, ResourceBuilder resource, TelemetryPlan plan, ExportCounts counts)
    {
        var processor = new CountingSpanProcessor(source, new CountingTraceExporter(plan.Endpoints.Options("TRACES"), counts), counts, plan.Batches);

        // Which pushes are traced is the run's decision; whatever is made for the exporter is
        // wanted.
        return Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(source.Name)
            .SetSampler(new AlwaysOnSampler()).AddProcessor(processor).Build();
    }
}

using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>Spans on their way to the receiver: batches from a queue that drops and counts.</summary>
internal static class SpanExport
{
    public static TracerProvider Start(ResourceBuilder resource, TelemetryPlan plan, ExportCounts counts)
    {
        var processor = new CountingSpanProcessor(new CountingTraceExporter(plan.Endpoints.Options("TRACES"), counts), counts, plan.Batches);

        // Which pushes are traced is the run's decision; whatever is made for the exporter is wanted.
        return Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(TelemetryNames.Source)
            .SetSampler(new AlwaysOnSampler()).AddProcessor(processor).Build();
    }
}

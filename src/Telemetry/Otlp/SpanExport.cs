using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>Spans on their way to the receiver: batches from a queue that drops and counts.</summary>
internal static class SpanExport
{
    public static TracerProvider Start(ResourceBuilder resource, OtlpEndpoints endpoints, ExportCounts counts)
    {
        var batches = new BatchExportActivityProcessorOptions();
        Unless("OTEL_BSP_MAX_QUEUE_SIZE", () => batches.MaxQueueSize = 65_536);
        Unless("OTEL_BSP_SCHEDULE_DELAY", () => batches.ScheduledDelayMilliseconds = 1_000);
        Unless("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", () => batches.MaxExportBatchSize = 4_096);
        batches.MaxExportBatchSize = Math.Min(batches.MaxExportBatchSize, batches.MaxQueueSize);
        var processor = new CountingSpanProcessor(new CountingTraceExporter(endpoints.Options("TRACES"), counts), counts, batches);

        // Which pushes are traced is the run's decision; whatever is made for the exporter is wanted.
        return Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(TelemetryNames.Source)
            .SetSampler(new AlwaysOnSampler()).AddProcessor(processor).Build();
    }

    private static void Unless(string variable, Action otherwise)
    {
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable)))
        {
            otherwise();
        }
    }
}

namespace Orchestrator.Telemetry;

/// <summary>How spans wait for their export, by the <c>OTEL_BSP_*</c> variables.</summary>
/// <param name="Queue">Spans that wait at most.</param>
/// <param name="Delay">Time between two exports, ms.</param>
/// <param name="Timeout">Time that one export may take, ms.</param>
/// <param name="Batch">Spans of one export at most.</param>
internal sealed record SpanBatches(int Queue, int Delay, int Timeout, int Batch)
{
    // The queue's memory is taken at once, 8 bytes a span.
    private const int LargestQueue = 10_000_000;

    public static SpanBatches From(OtelVariables environment)
    {
        var queue = environment.Integer("OTEL_BSP_MAX_QUEUE_SIZE", 1, 65_536, LargestQueue);
        return new SpanBatches(
            queue,
            environment.Integer("OTEL_BSP_SCHEDULE_DELAY", 1, 1_000),
            environment.Integer("OTEL_BSP_EXPORT_TIMEOUT", 0, 30_000),
            Math.Min(queue, environment.Integer("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1, 4_096)));
    }
}

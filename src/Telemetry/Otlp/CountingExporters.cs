using System.Diagnostics;
using System.Net.Http.Headers;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;

namespace Orchestrator.Telemetry;

/// <summary>The OTLP exporter of traces, counting what arrives.</summary>
internal sealed class CountingTraceExporter(OtlpExporterOptions options, ExportCounts counts) : OtlpTraceExporter(options)
{
    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        var records = activityBatch.Count;
        counts.Begin();
        var result = base.Export(activityBatch);
        counts.End(records, result == ExportResult.Success);
        return result;
    }
}

/// <summary>
/// The OTLP exporter of metrics, counting exports that fail: a later one makes up for them, but not
/// for the last.
/// </summary>
internal sealed class CountingMetricExporter(OtlpExporterOptions options, ExportCounts counts) : OtlpMetricExporter(options)
{
    public override ExportResult Export(in Batch<Metric> metrics)
    {
        counts.Begin();
        var result = base.Export(metrics);
        counts.End(0, result == ExportResult.Success);
        return result;
    }
}

/// <summary>
/// Counts the spans of one source that are handed to the queue, so that those it has no room for
/// are known.
/// </summary>
internal sealed class CountingSpanProcessor(ActivitySource source, BaseExporter<Activity> exporter, ExportCounts counts, SpanBatches batches)
    : BatchActivityExportProcessor(exporter, batches.Queue, batches.Delay, batches.Timeout, batches.Batch)
{
    public override void OnEnd(Activity data)
    {
        if (data.Source == source)
        {
            counts.Give();
            base.OnEnd(data);
        }
    }
}

/// <summary>
/// Counts the log records that are handed to the queue: where no request can be made of them,
/// nothing else tells of them.
/// </summary>
internal sealed class CountingLogProcessor(BaseExporter<LogRecord> exporter, ExportCounts counts)
    : BatchLogRecordExportProcessor(exporter, scheduledDelayMilliseconds: 1_000)
{
    public override void OnEnd(LogRecord data)
    {
        counts.Give();
        base.OnEnd(data);
    }
}

/// <summary>
/// Counts requests with logs that fail; their exporter can be asked no other way.
/// </summary>
internal sealed class CountingHandler(ExportCounts counts, HttpMessageHandler wire) : DelegatingHandler(wire)
{
    private const long LongestAnswer = 4 << 20;

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Count(() => base.Send(request, cancellationToken));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        counts.Begin();
        var succeeded = false;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            succeeded = response.IsSuccessStatusCode && await IsTakenAsync(request, response, cancellationToken);
            return response;
        }
        finally
        {
            counts.End(0, succeeded);
        }
    }

    // By gRPC a refusal is a success of HTTP: its status stands in the header fields, or behind the
    // body.
    private static async Task<bool> IsTakenAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (request.Content?.Headers.ContentType?.MediaType != "application/grpc")
        {
            return true;
        }

        await response.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
        return (Status(response.Headers) ?? Status(response.TrailingHeaders)) == "0";
    }

    private static string? Status(HttpHeaders fields) => fields.TryGetValues("grpc-status", out var values) ? values.First() : null;

    private HttpResponseMessage Count(Func<HttpResponseMessage> send)
    {
        counts.Begin();
        var succeeded = false;
        try
        {
            var response = send();
            succeeded = response.IsSuccessStatusCode;
            return response;
        }
        finally
        {
            counts.End(0, succeeded);
        }
    }
}

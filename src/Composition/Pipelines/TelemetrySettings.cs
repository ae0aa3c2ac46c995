using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Composition;

/// <summary>
/// How a run is exported by OTLP. It changes no result and is no part of the run's id. What is left
/// out comes from the standard OTEL_* variables.
/// </summary>
public sealed record TelemetrySettings(
    [Description("Where an OTLP receiver listens, e.g. http://localhost:4317; by default OTEL_EXPORTER_OTLP_ENDPOINT, then the protocol's standard port on this machine.")] string? Endpoint = null,
    [Description("How to talk to it; by default OTEL_EXPORTER_OTLP_PROTOCOL, then grpc.")] OtlpProtocol? Protocol = null,
    [Description("Whether traces are exported.")] bool Traces = true,
    [Description("Whether metrics are exported.")] bool Metrics = true,
    [Description("Whether logs are exported.")] bool Logs = true,
    [Description("Share of the pushes that are traced; by default OTEL_TRACES_SAMPLER, then 0.1.")][Range(0.0, 1.0)] double? TraceRatio = null,
    [Description("Pushes at least this stale are always traced.")][Range(0.0, 1e18)] long? TraceStaleness = null,
    [Description("Time between two exports of metrics, ms; by default OTEL_METRIC_EXPORT_INTERVAL, then 5000.")][Range(100, 3_600_000)] int? MetricsIntervalMs = null,
    [Description("Values that the worker attribute of metrics takes at most; with more workers, neighbours share one.")][Range(1, 1000)] int WorkerSeries = 32)
{
    /// <summary>
    /// A receiver's address; null where the text is no absolute http or https address.
    /// </summary>
    public static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https") && address.Host.Length > 0 ? address : null;
}

/// <summary>The two encodings of OTLP.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC, by default port 4317.</summary>
    Grpc,

    /// <summary>Protobuf over HTTP, by default port 4318.</summary>
    HttpProtobuf,
}

using OpenTelemetry.Exporter;
using Orchestrator.Composition;

namespace Orchestrator.Telemetry;

/// <summary>
/// Where each signal goes and how: a signal's own variables, then the pipeline's section, then the
/// general variables, then the standard ports.
/// </summary>
/// <param name="settings">The pipeline's section; null without one.</param>
/// <param name="environment">The OTEL_* variables.</param>
/// <param name="rehearsed">Whether nothing is sent: each request is answered within the
/// process.</param>
internal sealed class OtlpEndpoints(TelemetrySettings? settings, OtelVariables environment, bool rehearsed = false)
{
    private const int DefaultTimeout = 10_000;

    /// <summary>The same receivers, but nothing is sent to them.</summary>
    public OtlpEndpoints Rehearsed() => new(settings, environment, rehearsed: true);

    /// <summary>
    /// Whatever the exporter would take from variables is set here: values that mean nothing never
    /// reach it.
    /// </summary>
    /// <param name="signal"><c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c>.</param>
    /// <param name="counts">What counts requests; null where the exporter's results are
    /// counted.</param>
    public OtlpExporterOptions Options(string signal, ExportCounts? counts = null)
    {
        var protocol = ProtocolOf(signal);
        var timeout = environment.Integer(
            $"OTEL_EXPORTER_OTLP_{signal}_TIMEOUT", 1, environment.Integer("OTEL_EXPORTER_OTLP_TIMEOUT", 1, DefaultTimeout));
        var headers = OtlpHeaders.Of(signal, environment);
        var wire = Wire(signal);
        var options = new OtlpExporterOptions
        {
            Protocol = protocol,
            Endpoint = EndpointOf(signal, protocol),
            Headers = null,
            TimeoutMilliseconds = timeout,
            Compression = CompressionOf(signal),
        };
        options.HttpClientFactory = () =>
        {
            var client = new HttpClient(counts is null ? wire : new CountingHandler(counts, wire))
            {
                Timeout = TimeSpan.FromMilliseconds(timeout),
                MaxResponseContentBufferSize = options.MaxResponseSizeBytes,
            };
            foreach (var (name, value) in headers)
            {
                client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
            }

            return client;
        };
        return options;
    }

    private HttpMessageHandler Wire(string signal) =>
        rehearsed ? new NobodyHandler() : new SocketsHttpHandler { SslOptions = OtlpCertificates.Of(signal, environment) };

    private OtlpExportCompression CompressionOf(string signal) =>
        environment.Otlp(signal, "COMPRESSION") is { } variable && environment.Word(variable.Name, "gzip", "none") == "gzip" ? OtlpExportCompression.GZip : OtlpExportCompression.None;

    private OtlpExportProtocol ProtocolOf(string signal)
    {
        var own = $"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL";
        if (environment[own] is null && settings?.Protocol is { } chosen)
        {
            return chosen == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        return environment.Otlp(signal, "PROTOCOL") is { } variable && environment.Word(variable.Name, "grpc", "http/protobuf") == "http/protobuf"
            ? OtlpExportProtocol.HttpProtobuf
            : OtlpExportProtocol.Grpc;
    }

    private Uri EndpointOf(string signal, OtlpExportProtocol protocol)
    {
        // A signal's own address is used as it stands; of a general one it is the base.
        if (Address($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { } own)
        {
            return own;
        }

        var general = settings?.Endpoint is { } said ? TelemetrySettings.Address(said) : Address("OTEL_EXPORTER_OTLP_ENDPOINT");
        if (protocol == OtlpExportProtocol.Grpc)
        {
            return general ?? new Uri("http://localhost:4317");
        }

        var path = $"v1/{signal.ToLowerInvariant()}";
        var text = (general ?? new Uri("http://localhost:4318")).AbsoluteUri;
        return new Uri(text.EndsWith('/') ? text + path : $"{text}/{path}");
    }

    private Uri? Address(string name)
    {
        if (environment[name] is not { } text)
        {
            return null;
        }

        var address = TelemetrySettings.Address(text);
        if (address is null)
        {
            environment.Warn(name, text, "an absolute http or https address");
        }

        return address;
    }
}

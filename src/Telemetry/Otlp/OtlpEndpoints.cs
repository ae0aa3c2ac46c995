using OpenTelemetry.Exporter;
using Orchestrator.Composition;

namespace Orchestrator.Telemetry;

/// <summary>Where each signal goes and how: a signal's own variables, then the pipeline's section, then the general variables, then the standard ports.</summary>
/// <param name="settings">The pipeline's section; null without one.</param>
/// <param name="environment">The OTEL_* variables.</param>
/// <param name="rehearsed">Whether nothing is sent: each request is answered within the process.</param>
internal sealed class OtlpEndpoints(TelemetrySettings? settings, OtelVariables environment, bool rehearsed = false)
{
    /// <summary>The same receivers, but nothing is sent to them.</summary>
    public OtlpEndpoints Rehearsed() => new(settings, environment, rehearsed: true);

    /// <summary>What carries requests.</summary>
    public HttpMessageHandler Wire() => rehearsed ? new NobodyHandler() : new SocketsHttpHandler();

    /// <param name="signal"><c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c>.</param>
    public OtlpExporterOptions Options(string signal)
    {
        var protocol = ProtocolOf(signal);

        // The constructor reads the general variables for headers, timeout and certificates.
        var options = new OtlpExporterOptions { Protocol = protocol };
        if (environment[$"OTEL_EXPORTER_OTLP_{signal}_HEADERS"] is { } headers)
        {
            options.Headers = headers;
        }

        options.TimeoutMilliseconds = environment.Integer(
            $"OTEL_EXPORTER_OTLP_{signal}_TIMEOUT", 1, environment.Integer("OTEL_EXPORTER_OTLP_TIMEOUT", 1, options.TimeoutMilliseconds));
        options.Endpoint = EndpointOf(signal, protocol);
        if (rehearsed)
        {
            options.HttpClientFactory = () => new HttpClient(Wire());
        }

        return options;
    }

    private OtlpExportProtocol ProtocolOf(string signal)
    {
        var name = $"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL";
        if (environment[name] is null && settings?.Protocol is { } chosen)
        {
            return chosen == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        name = environment[name] is null ? "OTEL_EXPORTER_OTLP_PROTOCOL" : name;
        switch (environment[name])
        {
            case null or "grpc":
                return OtlpExportProtocol.Grpc;
            case "http/protobuf":
                return OtlpExportProtocol.HttpProtobuf;
            default:
                environment.Warn(name, environment[name]!, "grpc or http/protobuf");
                return OtlpExportProtocol.Grpc;
        }
    }

    private Uri EndpointOf(string signal, OtlpExportProtocol protocol)
    {
        // A signal's own address is used as it stands; of a general one it is the base.
        if (Address($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is { } own)
        {
            return own;
        }

        var general = Parse(settings?.Endpoint) ?? Address("OTEL_EXPORTER_OTLP_ENDPOINT");
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

        var address = Parse(text);
        if (address is null)
        {
            environment.Warn(name, text, "an absolute http or https address");
        }

        return address;
    }

    private static Uri? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https") ? address : null;
}

using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Telemetry;

namespace Orchestrator.Runs;

/// <summary>A worker host's telemetry.</summary>
internal sealed class HostWatch(HostTelemetry telemetry, IRunConsole console) : IDisposable
{
    /// <summary>Makes this host's spans; null where traces are not wanted.</summary>
    public IHostTraces? Traces => telemetry.Traces;

    /// <summary>
    /// What the run's own hosts find in their environment, so that they export to where the
    /// pipeline says.
    /// </summary>
    public static IReadOnlyDictionary<string, string> VariablesFor(TelemetrySettings? settings)
    {
        var variables = new Dictionary<string, string>();
        if (settings is null)
        {
            return variables;
        }

        variables["OTEL_TRACES_EXPORTER"] = settings.Traces ? "otlp" : "none";
        if (settings.Endpoint is { } endpoint)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        }

        if (settings.Protocol is { } protocol)
        {
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol == OtlpProtocol.Grpc ? "grpc" : "http/protobuf";
        }

        return variables;
    }

    public void Dispose()
    {
        if (telemetry.Close() is { } loss)
        {
            console.Warn(loss);
        }

        telemetry.Dispose();
    }
}

using System.Runtime.CompilerServices;
using Orchestrator.Composition;
using Orchestrator.Observation;
using Orchestrator.Telemetry;

namespace Orchestrator.Runs;

/// <summary>
/// A worker host's telemetry where it is asked for. Nothing of it is loaded otherwise.
/// </summary>
public sealed class HostWatch : IDisposable
{
    private readonly HostTelemetry telemetry;
    private readonly IRunConsole console;

    private HostWatch(HostTelemetry telemetry, IRunConsole console) => (this.telemetry, this.console) = (telemetry, console);

    /// <summary>Makes this host's spans; null where traces are not wanted.</summary>
    public HostTraces? Traces => telemetry.Traces;

    /// <summary>Starts what the OTEL_* variables ask for; null when they ask for nothing.</summary>
    public static HostWatch? Start(string run, string name, IRunConsole console) => RunWatch.IsAskedByEnvironment ? Load(run, name, console) : null;

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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HostWatch Load(string run, string name, IRunConsole console)
    {
        var telemetry = new HostTelemetry(run, name, RunSession.ProgramVersion);
        foreach (var warning in telemetry.Warnings)
        {
            console.Warn(warning);
        }

        return new HostWatch(telemetry, console);
    }
}

using OpenTelemetry.Resources;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>
/// Who speaks: the resource attributes by convention, over which OTEL_RESOURCE_ATTRIBUTES and
/// OTEL_SERVICE_NAME win.
/// </summary>
internal static class RunResource
{
    public const string ServiceName = "orchestrator";

    /// <param name="run">The run folder's name.</param>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="version">The program's.</param>
    public static ResourceBuilder Of(string run, string name, string version) => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddAttributes(
        [
            new("service.name", ServiceName),
            new("service.version", version),
            new("service.instance.id", Guid.NewGuid().ToString()),
            new("host.name", Environment.MachineName),
            new("process.pid", (long)Environment.ProcessId),
            new("process.runtime.name", ".NET"),
            new("process.runtime.version", Environment.Version.ToString()),
            new(TelemetryNames.RunAttribute, run),
            new(TelemetryNames.NameAttribute, name),
        ])
        .AddEnvironmentVariableDetector();
}

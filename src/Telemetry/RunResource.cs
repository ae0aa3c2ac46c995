using OpenTelemetry.Resources;
using Orchestrator.Engine;

namespace Orchestrator.Telemetry;

/// <summary>Who speaks: the resource attributes by convention, over which OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME win.</summary>
internal static class RunResource
{
    public const string ServiceName = "orchestrator";

    public static ResourceBuilder Of(ObservedRun run, string version) => ResourceBuilder.CreateEmpty()
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
            new(TelemetryNames.RunAttribute, run.Id),
            new(TelemetryNames.NameAttribute, run.Name),
        ])
        .AddEnvironmentVariableDetector();
}

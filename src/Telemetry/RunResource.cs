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
    /// <param name="labels">What else tells the run apart.</param>
    public static ResourceBuilder Of(string run, string name, string version, IReadOnlyList<KeyValuePair<string, object>> labels) =>
        Of(version, [new(TelemetryNames.RunAttribute, run), new(TelemetryNames.NameAttribute, name), .. labels]);

    /// <param name="sweep">The sweep's id.</param>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="version">The program's.</param>
    public static ResourceBuilder OfSweep(string sweep, string name, string version) =>
        Of(version, [new(TelemetryNames.SweepAttribute, sweep), new(TelemetryNames.NameAttribute, name)]);

    private static ResourceBuilder Of(string version, IEnumerable<KeyValuePair<string, object>> who) => ResourceBuilder.CreateEmpty()
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
            .. who,
        ])
        .AddEnvironmentVariableDetector();
}

using Orchestrator.Telemetry;

namespace Orchestrator.Runs;

/// <summary>
/// A sweep's telemetry. A class of its own, so that the assembly behind it is loaded only where
/// telemetry is asked for.
/// </summary>
public sealed class SweepWatch : IDisposable
{
    private readonly SweepTelemetry telemetry;
    private readonly IRunConsole console;

    internal SweepWatch(SweepTelemetry telemetry, IRunConsole console) => (this.telemetry, this.console) = (telemetry, console);

    /// <summary>Exports the last counts, for a bounded time, and says what was lost.</summary>
    public void Dispose()
    {
        if (telemetry.Close() is { } lost)
        {
            console.Warn(lost);
        }

        telemetry.Dispose();
    }
}

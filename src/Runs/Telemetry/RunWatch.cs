using Orchestrator.Abstractions;
using Orchestrator.Engine;
using Orchestrator.RunFolders;
using Orchestrator.Telemetry;

namespace Orchestrator.Runs;

/// <summary>
/// One run's telemetry. A class of its own, so that the assembly behind it is loaded only where
/// telemetry is asked for.
/// </summary>
internal sealed class RunWatch(TelemetrySession session) : IDisposable
{
    /// <summary>Told by the engine.</summary>
    public IRunObserver Observer => session.Observer;

    /// <summary>Begins spans that travel to worker hosts; null where nothing is traced.</summary>
    public IPullTraces? Traces => session.Traces;

    /// <summary>Sends what is waiting, for a bounded time.</summary>
    /// <returns>What was lost, in words.</returns>
    public IReadOnlyList<string> Close(RunSummary summary) =>
        session.Close(summary.Status.ToString().ToLowerInvariant(), summary.Status is RunStatus.Failed or RunStatus.Diverged);

    public void Dispose() => session.Dispose();
}

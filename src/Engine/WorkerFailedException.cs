namespace Orchestrator.Engine;

/// <summary>A worker's computation threw; the run ends.</summary>
public sealed class WorkerFailedException(int worker, long version, long gradient, string cause)
    : Exception($"Worker {worker} failed while computing its push {gradient} on version {version}: {cause}")
{
    public int Worker { get; } = worker;

    public long Version { get; } = version;
}

/// <summary>
/// A plugin broke its contract, or nothing can go on; the run ends. The message names who and what.
/// </summary>
public sealed class EngineException(string message) : Exception(message);

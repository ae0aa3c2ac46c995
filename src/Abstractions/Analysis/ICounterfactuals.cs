namespace Orchestrator.Abstractions;

/// <summary>
/// Trains a recorded run again with something missing, on its own schedule: what is left keeps its
/// batches, its order and its times. Exact: the same question gives the same record, and is
/// trained once, in a folder of its own.
/// </summary>
public interface ICounterfactuals
{
    /// <summary>The run without some of its workers; without none, the run again.</summary>
    /// <param name="workers">Whose pushes vanish, and whose partitions are lost.</param>
    /// <param name="stop">Ends the training early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    TrainedAgain Without(IReadOnlyList<int> workers, CancellationToken stop);
}

/// <summary>A run that was trained again.</summary>
/// <param name="Run">Its record; null where it cannot be.</param>
/// <param name="Problem">Why it cannot be, in a sentence; null where it can.</param>
public sealed record TrainedAgain(IRunRecords? Run, string? Problem);

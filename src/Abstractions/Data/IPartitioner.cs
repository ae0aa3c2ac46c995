namespace Orchestrator.Abstractions;

/// <summary>Decides which worker gets which training samples.</summary>
public interface IPartitioner
{
    /// <summary>
    /// One list of row numbers per worker, or one list for all of them (every worker then walks the
    /// whole of it in an order of its own). Orders within a pass are the engine's: the list's order
    /// carries no meaning.
    /// </summary>
    /// <param name="labels">Class of each training sample; empty where there is none.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="count">Number of training samples.</param>
    /// <param name="workers">Number of workers, at least 1.</param>
    /// <param name="random">The run's stream <c>("partition")</c>.</param>
    /// <exception cref="OptionException">The data cannot be dealt so; the message says
    /// why.</exception>
    IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random);

    /// <summary>
    /// What can be said of the numbers before any label is read; null when they fit.
    /// </summary>
    string? Reject(int classes, int count, int workers) => null;
}

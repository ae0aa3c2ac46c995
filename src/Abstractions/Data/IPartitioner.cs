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
    /// The same for a partitioner that deals by more than labels, such as
    /// <see cref="ISamples.Groups"/>. This is what the engine calls.
    /// </summary>
    /// <param name="samples">The training samples.</param>
    /// <param name="shape">What is known of them.</param>
    /// <param name="workers">Number of workers, at least 1.</param>
    /// <param name="random">The run's stream <c>("partition")</c>.</param>
    /// <exception cref="OptionException">The data cannot be dealt so; the message says
    /// why.</exception>
    IReadOnlyList<ReadOnlyMemory<int>> Partition(ISamples samples, DatasetShape shape, int workers, Random random) =>
        Partition(samples.Labels, shape.Classes, samples.Count, workers, random);

    /// <summary>
    /// What can be said of the numbers before any label is read; null when they fit.
    /// </summary>
    string? Reject(int classes, int count, int workers) => null;

    /// <summary>
    /// The same for a partitioner that deals by more than labels. This is what checks call.
    /// </summary>
    string? Reject(DatasetShape shape, int workers) => Reject(shape.Classes, shape.TrainCount, workers);
}

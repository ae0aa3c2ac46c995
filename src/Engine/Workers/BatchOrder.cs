using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// Which training rows a worker's batch holds, computed from (worker, batch number) alone: each
/// pass is a fresh random order of the worker's partition, the stream <c>("batches", worker,
/// pass)</c>; the last batch of a pass may be short. Immutable.
/// </summary>
internal sealed class BatchOrder(IReadOnlyList<ReadOnlyMemory<int>> partitions, int workers, int batchSize, RandomStreams streams)
{
    private StreamKey[] Keys => field ??= streams.Keys("batches", workers);

    public const int ScratchLength = Permutation.LargestShuffled;

    public int BatchSize => batchSize;

    /// <summary>Batches in one pass of a worker.</summary>
    public long BatchesPerPass(int worker) => (Partition(worker).Length + batchSize - 1L) / batchSize;

    /// <summary>Number of samples in a batch, or in several that follow each other.</summary>
    public int Samples(int worker, long batch, int count = 1)
    {
        var (rows, perPass, samples) = (Partition(worker).Length, BatchesPerPass(worker), 0L);
        for (var i = 0; i < count; i++)
        {
            samples += Math.Min(batchSize, rows - ((batch + i) % perPass * batchSize));
        }

        return (int)samples;
    }

    /// <summary>Fills in the rows of a batch.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="batch">Number of the batch, counted over passes.</param>
    /// <param name="rows">At least <see cref="BatchSize"/> long.</param>
    /// <param name="stream">A stream to use; reset.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> long.</param>
    /// <returns>Number of rows.</returns>
    public int Rows(int worker, long batch, Span<int> rows, RandomStream stream, Span<int> scratch)
    {
        var partition = Partition(worker).Span;
        var (pass, place) = Math.DivRem(batch, BatchesPerPass(worker));
        stream.Reset(Keys[worker], pass);
        var order = new Permutation(partition.Length, stream, scratch);
        var count = Samples(worker, batch);
        order.Fill((int)(place * batchSize), rows[..count]);
        foreach (ref var row in rows[..count])
        {
            row = partition[row];
        }

        return count;
    }

    /// <summary>Fetches the cache lines that <see cref="Rows"/> reads.</summary>
    public void Prefetch(int worker) => CacheLines.Fetch(ref Keys[worker]);

    private ReadOnlyMemory<int> Partition(int worker) => partitions[partitions.Count == 1 ? 0 : worker];
}

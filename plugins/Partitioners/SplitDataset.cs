using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

/// <summary>
/// One shuffle, cut into W contiguous pieces whose sizes differ by at most one, the larger ones
/// first: independent and identically distributed parts.
/// </summary>
[Description("A shuffle cut into equal parts of the same distribution.")]
[Plugin("split-dataset")]
internal sealed class SplitDataset : IPartitioner
{
    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random)
    {
        Limits.Enforce(Reject(classes, count, workers));
        var order = Shuffle.OfRange(count, random);
        var pieces = new ReadOnlyMemory<int>[workers];
        for (var (worker, start) = (0, 0); worker < workers; worker++)
        {
            var size = (count / workers) + (worker < count % workers ? 1 : 0);
            pieces[worker] = order.AsMemory(start, size);
            start += size;
        }

        return pieces;
    }

    public string? Reject(int classes, int count, int workers) => Limits.OneSampleEach(count, workers);
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

public sealed record ShardsOptions([Description("Pieces of the sorted data that each worker gets.")][Range(1, int.MaxValue)] int PerWorker = 2);

/// <summary>
/// Label skew: the samples, sorted by label, are cut into s x W pieces of equal size (to one
/// sample), and each worker is dealt s of them at random, so that most see about s classes. McMahan
/// et al.: Communication-efficient learning of deep networks from decentralized data, AISTATS 2017.
/// No deviation; samples of one class are sorted by row number.
/// </summary>
[Description("Deals pieces of the label-sorted data, so that most workers see few classes.")]
[Plugin("shards")]
internal sealed class Shards(ShardsOptions options) : IPartitioner
{
    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random)
    {
        Limits.Enforce(Reject(classes, count, workers));
        var sorted = RowsByLabel.Of(labels, classes).SelectMany(rows => rows).ToArray();
        var pieces = workers * options.PerWorker;
        var order = Shuffle.OfRange(pieces, random);
        return [.. order.Chunk(options.PerWorker).Select(hand => (ReadOnlyMemory<int>)hand.SelectMany(piece => sorted[Piece(piece, pieces, count)]).ToArray())];
    }

    public string? Reject(int classes, int count, int workers) => Limits.Labelled(classes)
        ?? Limits.OneSampleEach(count, workers)
        ?? ((long)workers * options.PerWorker > count
            ? $"{workers} workers with {options.PerWorker} pieces each make more pieces than there are training samples, {count}; allowed: perWorker up to {count / workers}."
            : null);

    private static Range Piece(int piece, int pieces, int count) => (int)((long)piece * count / pieces)..(int)((piece + 1L) * count / pieces);
}

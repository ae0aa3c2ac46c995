using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

public sealed record SplitLabelsOptions(
    [Description("Cut every part to the size of the smallest, as the EPFL study does.")] bool Truncate = true);

/// <summary>
/// The labels, shuffled, are dealt to the workers like cards; a worker holds all samples of its
/// labels. The EPFL study's split-labels, which truncates all parts to the smallest; here the
/// samples that stay after truncation are a random choice, so that no class of a worker vanishes.
/// </summary>
[Description("Deals whole labels: a worker holds all samples of its classes.")]
[Plugin("split-labels")]
internal sealed class SplitLabels(SplitLabelsOptions options) : IPartitioner
{
    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random)
    {
        Limits.Enforce(Reject(classes, count, workers));
        var rows = RowsByLabel.Of(labels, classes);
        var hands = Enumerable.Range(0, workers).Select(_ => new List<int>()).ToArray();
        var order = Shuffle.OfRange(classes, random);
        for (var card = 0; card < classes; card++)
        {
            hands[card % workers].AddRange(rows[order[card]]);
        }

        var smallest = hands.Min(hand => hand.Count);
        if (smallest == 0)
        {
            throw new OptionException("", $"Worker {Array.FindIndex(hands, h => h.Count == 0)} of {workers} was dealt only labels without samples; use fewer workers.");
        }

        return [.. hands.Select(hand => Cut(Shuffle.Of([.. hand], random), smallest))];
    }

    public string? Reject(int classes, int count, int workers) => Limits.Labelled(classes)
        ?? (workers > classes ? $"{workers} workers cannot each have a label of their own; allowed: 1 to {classes} workers, one per class." : null)
        ?? Limits.OneSampleEach(count, workers);

    private ReadOnlyMemory<int> Cut(int[] hand, int size) => options.Truncate ? hand.AsMemory(0, size) : hand;
}

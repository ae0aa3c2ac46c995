using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

/// <summary>What is made equal where workers hold several groups each.</summary>
public enum GroupBalance
{
    /// <summary>The number of groups, to one: they are dealt like cards.</summary>
    Groups,

    /// <summary>The number of samples, as far as whole groups allow.</summary>
    Samples,
}

public sealed record ByColumnOptions(
    [Description("What is made equal where there are more groups than workers: groups (dealt like cards), or samples (the next largest goes to whoever has the fewest).")] GroupBalance Balance = GroupBalance.Groups);

/// <summary>
/// A natural partition: samples come in groups, such as the person who wrote them, and every group
/// goes to one worker whole, as the data sets of LEAF are split by user (Caldas et al.: LEAF: a
/// benchmark for federated settings, 2018). Which worker gets which groups is drawn. Balanced by
/// samples, groups are dealt from the largest to the smallest, each to the worker with the fewest
/// samples: Graham's rule for jobs on machines (Bounds on multiprocessing timing anomalies, 1969).
/// </summary>
[Description("A natural partition: every group of samples goes to one worker whole.")]
[Plugin("by-column")]
internal sealed class ByColumn(ByColumnOptions options) : IPartitioner
{
    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random) =>
        throw new OptionException("", Limits.NoGroups);

    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ISamples samples, DatasetShape shape, int workers, Random random)
    {
        var groups = RowsByGroup.Of(samples, shape);
        Limits.Enforce(TooMany(groups.Length, workers));
        var order = Shuffle.OfRange(groups.Length, random);
        var hands = Enumerable.Range(0, workers).Select(_ => new List<int>()).ToArray();
        if (options.Balance == GroupBalance.Groups)
        {
            for (var card = 0; card < order.Length; card++)
            {
                hands[card % workers].AddRange(groups[order[card]]);
            }
        }
        else
        {
            // A worker's place in a random order decides between equals.
            var fewest = new PriorityQueue<int, (int Samples, int Place)>(Shuffle.OfRange(workers, random).Select((worker, place) => (worker, (0, place))));
            foreach (var group in order.OrderByDescending(group => groups[group].Length))
            {
                fewest.TryDequeue(out var worker, out var priority);
                hands[worker].AddRange(groups[group]);
                fewest.Enqueue(worker, (hands[worker].Count, priority.Place));
            }
        }

        return Array.ConvertAll(hands, hand => (ReadOnlyMemory<int>)hand.ToArray());
    }

    public string? Reject(int classes, int count, int workers) => Limits.NoGroups;

    public string? Reject(DatasetShape shape, int workers) => Limits.Grouped(shape) ?? Limits.OneSampleEach(shape.TrainCount, workers) ?? TooMany(shape.GroupNames.Count, workers);

    private static string? TooMany(int groups, int workers) => workers > groups
        ? $"{workers} workers cannot each have a group of their own; allowed: 1 to {groups} workers, one per group."
        : null;
}

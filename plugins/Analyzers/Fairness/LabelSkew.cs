using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Analyzers;

/// <summary>How far partitions' classes are from those of all their samples together.</summary>
internal static class LabelSkew
{
    private const int Controls = 5;

    /// <summary>Samples of each class.</summary>
    public static double[] Totals(IReadOnlyList<PartitionRecord> parts) =>
        [.. Enumerable.Range(0, parts[0].ClassCounts.Count).Select(c => parts.Sum(part => (double)part.ClassCounts[c]))];

    /// <summary>
    /// Total variation distance of a partition's classes from the totals' shares.
    /// </summary>
    public static double Distance(IReadOnlyList<double> counts, IReadOnlyList<double> totals)
    {
        var (size, all) = (counts.Sum(), totals.Sum());
        return size <= 0 || all <= 0 ? 0 : counts.Zip(totals, (count, total) => Math.Abs((count / size) - (total / all))).Sum() / 2;
    }

    /// <summary>
    /// The largest distance of partitions of the same size whose labels are drawn at random from
    /// all: each label by itself, at most so many.
    /// </summary>
    public static double AtRandom(PartitionRecord part, double[] totals)
    {
        const int MostDrawn = 10_000;
        var random = new RandomStreams(1).Open("fairness-control", part.Partition);
        var (largest, all) = (0.0, totals.Sum());
        var bounds = new double[totals.Length];
        for (var (c, sum) = (0, 0.0); c < totals.Length; c++)
        {
            bounds[c] = sum += totals[c] / all;
        }

        for (var n = 0; n < Controls; n++)
        {
            var counts = new double[totals.Length];
            for (var i = 0L; i < Math.Min(part.Samples, MostDrawn); i++)
            {
                var at = Array.BinarySearch(bounds, random.NextDouble());
                counts[Math.Min(at < 0 ? ~at : at, counts.Length - 1)]++;
            }

            largest = Math.Max(largest, Distance(counts, totals));
        }

        return largest;
    }
}

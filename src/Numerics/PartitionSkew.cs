namespace Orchestrator.Numerics;

/// <summary>
/// How unequal the parts of a partition are, in size and in labels. A shared list counts as one
/// part.
/// </summary>
/// <param name="ClassCounts">Samples of each class, by part.</param>
/// <param name="Sizes">Samples, by part.</param>
/// <param name="LabelDistances">Total variation distance, by part, between its classes and those of
/// all training samples: half the sum of absolute differences of the shares; 0 for the same
/// distribution, near 1 for one rare class alone. NaN where there are no labels or no
/// samples.</param>
/// <param name="Unused">Training samples that no part holds.</param>
public sealed record PartitionSkew(
    IReadOnlyList<IReadOnlyList<int>> ClassCounts, IReadOnlyList<int> Sizes, IReadOnlyList<double> LabelDistances, int Unused)
{
    /// <summary>
    /// Size of the largest part over that of the smallest; infinite where one is empty.
    /// </summary>
    public double SizeRatio => Sizes.Max() / (double)Sizes.Min();

    /// <summary>Mean of <see cref="LabelDistances"/>.</summary>
    public double MeanLabelDistance => LabelDistances.Average();

    /// <summary>Largest of <see cref="LabelDistances"/>.</summary>
    public double LargestLabelDistance => LabelDistances.Max();

    /// <summary>Counts a partition's labels.</summary>
    /// <param name="parts">Row numbers, by part.</param>
    /// <param name="labels">Class of each training sample; empty where there is none.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="count">Number of training samples.</param>
    public static PartitionSkew Of(IReadOnlyList<ReadOnlyMemory<int>> parts, ReadOnlySpan<int> labels, int classes, int count)
    {
        var all = new int[classes];
        foreach (var label in labels)
        {
            all[label]++;
        }

        var (counts, distances) = (new int[parts.Count][], new double[parts.Count]);
        for (var part = 0; part < parts.Count; part++)
        {
            counts[part] = new int[classes];
            foreach (var row in labels.IsEmpty ? [] : parts[part].Span)
            {
                counts[part][labels[row]]++;
            }

            distances[part] = labels.IsEmpty || parts[part].IsEmpty ? double.NaN : Distance(counts[part], parts[part].Length, all, labels.Length);
        }

        var sizes = parts.Select(part => part.Length).ToArray();
        return new PartitionSkew(counts, sizes, distances, count - sizes.Sum());
    }

    private static double Distance(int[] ofPart, int size, int[] ofAll, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < ofPart.Length; i++)
        {
            sum += Math.Abs(((double)ofPart[i] / size) - ((double)ofAll[i] / count));
        }

        return sum / 2;
    }
}

using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

/// <summary>Row numbers grouped by class, in ascending order within a class; the same of groups.</summary>
internal static class RowsByLabel
{
    public static int[][] Of(ReadOnlySpan<int> labels, int classes, string noun = "label")
    {
        var rows = Enumerable.Range(0, classes).Select(_ => new List<int>()).ToArray();
        for (var row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)classes)
            {
                throw new DataException($"Training sample {row} has the {noun} {labels[row]}; allowed: 0 to {classes - 1}.");
            }

            rows[labels[row]].Add(row);
        }

        return Array.ConvertAll(rows, ofClass => ofClass.ToArray());
    }
}

using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers;

/// <summary>How many of each class's test samples the final parameters recognise.</summary>
/// <param name="Classes">One for each class.</param>
internal sealed record ClassRecall(IReadOnlyList<ClassRecall.Entry> Classes)
{
    /// <summary>Of the last evaluation; null where the run has not counted classes.</summary>
    public static ClassRecall? Read(IRunRecords run)
    {
        var (last, current) = ((List<Entry>?)null, new List<Entry>());
        using var rows = run.OpenConfusions();
        while (rows.TryRead(out var row))
        {
            if (row.Set != SampleSet.Test)
            {
                continue;
            }

            if (row.Class == 0)
            {
                current = [];
            }

            current.Add(new Entry(row.Predicted[row.Class], row.Predicted.Sum(), rows.Place));
            last = current.Count == row.Predicted.Count ? current : last;
        }

        return last is null ? null : new ClassRecall(last);
    }

    /// <summary>One class.</summary>
    /// <param name="Right">Its samples that were taken for it.</param>
    /// <param name="Samples">All of its samples.</param>
    /// <param name="Place">Where that stands.</param>
    public sealed record Entry(long Right, long Samples, RecordPlace Place)
    {
        /// <summary>0 .. 1.</summary>
        public double Recall => (double)Right / Samples;

        /// <summary>
        /// The standard error of a share of so many, as if one more were right and one more wrong:
        /// not 0 at the ends.
        /// </summary>
        public double Error
        {
            get
            {
                var share = (Right + 1.0) / (Samples + 2.0);
                return Math.Sqrt(share * (1 - share) / (Samples + 2.0));
            }
        }
    }
}

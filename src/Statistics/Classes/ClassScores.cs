namespace Orchestrator.Statistics;

/// <summary>
/// How well each class is recognised, from a confusion matrix: rows are what samples are, columns
/// what they were taken for.
/// </summary>
public sealed class ClassScores
{
    private ClassScores(IReadOnlyList<double> precision, IReadOnlyList<double> recall, IReadOnlyList<double> f1, IReadOnlyList<long> samples) =>
        (Precision, Recall, F1, Samples) = (precision, recall, f1, samples);

    /// <summary>
    /// Of the samples taken for a class the share that is of it; NaN where none was taken for it.
    /// </summary>
    public IReadOnlyList<double> Precision { get; }

    /// <summary>
    /// Of the samples of a class the share taken for it; NaN where there are none.
    /// </summary>
    public IReadOnlyList<double> Recall { get; }

    /// <summary>
    /// The harmonic mean of the two, 2 right / (samples of the class + samples taken for it); NaN
    /// where both are 0.
    /// </summary>
    public IReadOnlyList<double> F1 { get; }

    /// <summary>Samples of each class.</summary>
    public IReadOnlyList<long> Samples { get; }

    /// <summary>The mean recall of the classes that have samples: balanced accuracy.</summary>
    public double BalancedAccuracy => Mean(Recall);

    /// <summary>The mean F1 of the classes that have one.</summary>
    public double MacroF1 => Mean(F1);

    /// <param name="counts">Square; <c>[class][taken for]</c>.</param>
    public static ClassScores Of(IReadOnlyList<IReadOnlyList<long>> counts)
    {
        var (classes, given) = (counts.Count, new long[counts.Count]);
        foreach (var row in counts)
        {
            for (var taken = 0; taken < classes; taken++)
            {
                given[taken] += row[taken];
            }
        }

        long[] samples = [.. counts.Select(row => row.Sum())];
        double[] Shares(Func<int, long> of) => [.. Enumerable.Range(0, classes).Select(label => (double)counts[label][label] / of(label))];
        return new ClassScores(Shares(label => given[label]), Shares(label => samples[label]), [.. Shares(label => given[label] + samples[label]).Select(share => 2 * share)], samples);
    }

    private static double Mean(IEnumerable<double> values) => values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}

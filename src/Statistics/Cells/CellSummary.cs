namespace Orchestrator.Statistics;

/// <summary>
/// All seeds of one combination of settings. Runs that did not converge (NC) are counted and never
/// averaged.
/// </summary>
public sealed record CellSummary
{
    /// <summary>Runs that converged: the n of mean, standard deviation and interval.</summary>
    public required int N { get; init; }

    /// <summary>Runs that did not converge, of all runs.</summary>
    public required Proportion NoConvergence { get; init; }

    /// <summary>Mean; null where no run converged.</summary>
    public required double? Mean { get; init; }

    /// <summary>Standard deviation (n - 1); null below two runs.</summary>
    public required double? StandardDeviation { get; init; }

    /// <summary>95 % t interval of the mean; null below two runs.</summary>
    public required Interval? Interval { get; init; }

    /// <summary>Median; null where no run converged.</summary>
    public required double? Median { get; init; }

    /// <summary>
    /// Interquartile mean: the mean without the n/4 (rounded down) smallest and largest values;
    /// null where no run converged.
    /// </summary>
    public required double? InterquartileMean { get; init; }

    /// <summary>The smallest and largest value; null where no run converged.</summary>
    public required Interval? Range { get; init; }

    /// <summary>
    /// Summarises a cell; the order of its results does not matter, not even to the last bit.
    /// </summary>
    public static CellSummary Of(IEnumerable<SeedResult> results)
    {
        var runs = 0;
        var values = new List<double>();
        foreach (var result in results)
        {
            runs++;
            if (result.Converged)
            {
                values.Add(result.Value!.Value);
            }
        }

        return Of([.. values], runs - values.Count);
    }

    /// <summary>
    /// Summarises values of runs that converged, beside a number of runs that did not.
    /// </summary>
    public static CellSummary Of(double[] values, int withoutConvergence = 0)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        var moments = Moments.Of(sorted);
        return new CellSummary
        {
            N = sorted.Length,
            NoConvergence = new(withoutConvergence, sorted.Length + withoutConvergence),
            Mean = sorted.Length == 0 ? null : moments.Mean,
            StandardDeviation = sorted.Length < 2 ? null : moments.StandardDeviation,
            Interval = moments.TInterval(),
            Median = sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2,
            InterquartileMean = sorted.Length == 0 ? null : Moments.Of(sorted.AsSpan(sorted.Length / 4, sorted.Length - (2 * (sorted.Length / 4)))).Mean,
            Range = sorted.Length == 0 ? null : new Interval(sorted[0], sorted[^1]),
        };
    }
}

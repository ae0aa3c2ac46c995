using Orchestrator.Statistics.Distributions;

namespace Orchestrator.Statistics;

/// <summary>The difference of a published and a measured mean, and what is known of it.</summary>
internal readonly record struct PublishedTest(double? Difference, double StandardError, double Freedom, double P, bool IsTooSmall)
{
    public static PublishedTest Of(PublishedValue published, CellSummary measured)
    {
        if (published.Value is not { } value)
        {
            var convergence = measured.NoConvergence;
            var few = convergence.Of < ComparisonTerms.SmallestN;
            return new(null, double.NaN, double.NaN, few ? 1 : Fisher(published, convergence), few);
        }

        // Too few have an accuracy, and not for want of seeds: what can differ is whether they converge.
        if (measured.N < ComparisonTerms.SmallestN && measured.NoConvergence.Of >= ComparisonTerms.SmallestN)
        {
            return new(measured.Mean - value, double.NaN, double.NaN, Fisher(published, measured.NoConvergence), true);
        }

        if (measured is not { Mean: { } mean, StandardDeviation: { } sd })
        {
            return new(measured.Mean - value, double.NaN, double.NaN, 1, true);
        }

        // Welch where the paper says its spread; else one spread for both, known from the measured
        // runs alone.
        var ours = sd * sd / measured.N;
        var theirs = (published.StandardDeviation is { } said ? said * said : sd * sd) / published.N;
        var freedom = published is { StandardDeviation: not null, N: > 1 }
            ? (ours + theirs) * (ours + theirs) / ((ours * ours / (measured.N - 1)) + (theirs * theirs / (published.N - 1)))
            : measured.N - 1;
        var error = Math.Sqrt(ours + theirs);
        var t = mean == value ? 0 : (mean - value) / error;
        var small = measured.N < ComparisonTerms.SmallestN;
        return new(mean - value, error, double.IsNaN(freedom) ? measured.N - 1 : freedom, small ? 1 : StudentT.TwoSided(t, freedom), small);
    }

    /// <summary>
    /// Whether as many converge as published, as far as can be told: a mean over those that do
    /// does not speak for the others.
    /// </summary>
    public static bool ConvergesAlike(PublishedValue published, CellSummary measured) => Fisher(published, measured.NoConvergence) > ComparisonTerms.Level;

    public Interval? Interval(double confidence)
    {
        if (Difference is not { } difference || double.IsNaN(StandardError))
        {
            return null;
        }

        var half = StudentT.Upper((1 - confidence) / 2, Freedom) * StandardError;
        return new(difference - half, difference + half);
    }

    // Two-sided: the chance of every table with these margins that is no likelier than the one
    // seen.
    private static double Fisher(PublishedValue published, Proportion measured)
    {
        var theirs = published.Value is null ? published.N : published.WithoutConvergence;
        var runs = published.Value is null ? published.N : published.N + published.WithoutConvergence;
        var (all, without) = (runs + measured.Of, theirs + measured.Count);
        var seen = MathNet.Numerics.Distributions.Hypergeometric.PMF(all, without, runs, theirs);
        return Math.Min(1, Enumerable.Range(0, runs + 1).Select(k => MathNet.Numerics.Distributions.Hypergeometric.PMF(all, without, runs, k)).Where(p => p <= seen * (1 + 1e-9)).Sum());
    }
}

using System.Numerics;

namespace Orchestrator.Statistics;

/// <summary>
/// Where the variance between runs comes from: components of crossed random factors and of pairs of
/// them, by the method of moments, with intervals of a parametric bootstrap. Runs that did not
/// converge are left out and counted.
/// </summary>
/// <param name="Factors">Names of the factors.</param>
/// <param name="N">Runs that converged.</param>
/// <param name="NoConvergence">Runs that did not.</param>
/// <param name="Mean">Mean of the runs that converged.</param>
/// <param name="TotalVariance">Variance between runs that share no level.</param>
/// <param name="Components">Single factors, then pairs, then the rest: larger interactions and what
/// has no name.</param>
public sealed record VarianceAnatomy(
    IReadOnlyList<string> Factors, int N, Proportion NoConvergence, double Mean, double TotalVariance, IReadOnlyList<VarianceComponent> Components)
{
    /// <summary>Takes variance apart.</summary>
    /// <param name="factors">Names of the factors; at most eight.</param>
    /// <param name="runs">The runs.</param>
    /// <exception cref="ArgumentException">Too many factors, or runs that are not crossed: no two
    /// differ in every factor, or none share one alone.</exception>
    public static VarianceAnatomy Of(IReadOnlyList<string> factors, IReadOnlyList<FactorRun> runs)
    {
        if (factors.Count is 0 or > 8 || runs.Any(r => r.Levels.Count != factors.Count))
        {
            throw new ArgumentException("Anatomy takes one to eight factors, and a level of each for every run.", nameof(factors));
        }

        FactorRun[] converged = [.. runs.Where(r => r.Value is { } value && double.IsFinite(value))];
        var design = new FactorDesign([.. converged.Select(r => r.Levels)], factors.Count);
        if (!design.HasPairs(0))
        {
            throw new ArgumentException("No two runs that converged differ in every factor, so nothing tells the factors apart; cross them.", nameof(runs));
        }

        List<int> sets = [.. Enumerable.Range(1, design.Sets - 1).Where(s => BitOperations.PopCount((uint)s) <= 2 && design.HasPairs(s)).OrderBy(s => BitOperations.PopCount((uint)s))];
        if (Enumerable.Range(0, factors.Count).FirstOrDefault(f => !sets.Contains(1 << f), -1) is >= 0 and var alone)
        {
            throw new ArgumentException($"No two runs that converged share the level of {factors[alone]} alone, so its part cannot be told; cross it with the others.", nameof(runs));
        }

        // A pair of factors is told from its parts only where both stand alone too, which they do.
        double[] values = [.. converged.Select(r => r.Value!.Value)];
        var components = design.Components(values, sets);
        var intervals = VarianceIntervals.Of(design, sets, components);
        return new(
            factors,
            converged.Length,
            new(runs.Count - converged.Length, runs.Count),
            Moments.Of(values).Mean,
            components[^1],
            [.. sets.Append(0).Select((set, i) => new VarianceComponent(
                [.. factors.Where((_, f) => (set >> f & 1) == 1)], components[i], intervals[i], Math.Max(0, components[i]) / components.SkipLast(1).Sum(c => Math.Max(0, c))))]);
    }
}

/// <summary>A part of the variance.</summary>
/// <param name="Factors">The factor, or the two whose interaction it is; empty for the
/// rest.</param>
/// <param name="Variance">The unbiased estimate, in the metric's unit squared; one near 0 may come
/// out negative.</param>
/// <param name="Interval">95 % interval of the variance; at least 0.</param>
/// <param name="Share">Of the sum of all parts, negative ones counted as 0; 0 to 1.</param>
public sealed record VarianceComponent(IReadOnlyList<string> Factors, double Variance, Interval Interval, double Share)
{
    /// <summary>The spread that this part alone would make.</summary>
    public double StandardDeviation => Math.Sqrt(Math.Max(0, Variance));
}

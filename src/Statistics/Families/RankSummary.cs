using MathNet.Numerics;
using Orchestrator.Statistics.Distributions;

namespace Orchestrator.Statistics;

/// <summary>
/// Many variants over environments: mean ranks, Friedman's test, Nemenyi's critical difference
/// (Demsar 2006).
/// </summary>
/// <param name="MeanRanks">Of each variant; 1 is the best, ties share the mean of their
/// ranks.</param>
/// <param name="Environments">Number of environments.</param>
/// <param name="ChiSquared">Friedman's statistic, corrected for ties; NaN where every environment
/// ties all variants.</param>
/// <param name="P">Its p, by the chi-squared approximation, which wants several
/// environments.</param>
/// <param name="CriticalDifference">Mean ranks that differ by more differ at 5 %, over all pairs
/// together.</param>
public sealed record RankSummary(IReadOnlyList<double> MeanRanks, int Environments, double ChiSquared, double P, double CriticalDifference)
{
    /// <summary>Ranks variants in each environment and averages.</summary>
    /// <param name="table">One row per environment, one score per variant; NaN, the worst, for a
    /// variant of which no run converged.</param>
    /// <param name="higherIsBetter">Whether the largest score gets rank 1.</param>
    /// <exception cref="ArgumentException">Fewer than two variants, no environment, or rows of
    /// different lengths.</exception>
    public static RankSummary Of(IReadOnlyList<double[]> table, bool higherIsBetter = true)
    {
        if (table.Count == 0 || table[0].Length < 2 || table.Any(row => row.Length != table[0].Length))
        {
            throw new ArgumentException("Ranks need at least one environment and the same two or more variants in each.", nameof(table));
        }

        var (n, k) = (table.Count, table[0].Length);
        var sums = new double[k];
        double ties = 0;
        foreach (var row in table)
        {
            var ranks = RowRanks.Of(row, higherIsBetter, out var tied);
            for (var i = 0; i < k; i++)
            {
                sums[i] += ranks[i];
            }

            ties += tied;
        }

        double[] means = [.. sums.Select(s => s / n)];
        var correction = 1 - (ties / (n * ((double)k * k * k - k)));
        var chi = correction == 0 ? double.NaN : ((12.0 * n / (k * (k + 1)) * means.Sum(r => r * r)) - (3.0 * n * (k + 1))) / correction;
        return new(
            means,
            n,
            chi,
            double.IsNaN(chi) ? 1 : SpecialFunctions.GammaUpperRegularized((k - 1) / 2.0, Math.Max(0, chi) / 2),
            StudentizedRange.Upper(0.05, k) / Math.Sqrt(2) * Math.Sqrt(k * (k + 1) / (6.0 * n)));
    }
}

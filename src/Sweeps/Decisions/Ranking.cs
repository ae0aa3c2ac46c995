using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>
/// Which cells are better. It depends on values alone; of equal cells the earlier one comes first.
/// </summary>
internal static class Ranking
{
    /// <summary>
    /// Orders cells, best first: by how many of their runs did not converge, then by the mean of
    /// the others.
    /// </summary>
    /// <param name="cells">The cells.</param>
    /// <param name="values">Of each cell the values of its runs; null for one that did not
    /// converge.</param>
    /// <param name="metric">What the values are.</param>
    public static IReadOnlyList<Cell> Best(IEnumerable<Cell> cells, Func<Cell, IReadOnlyList<double?>> values, SweepMetric metric) =>
        [.. cells.Select(cell => (Cell: cell, Values: values(cell)))
            .OrderBy(entry => entry.Values.Count(value => value is null))
            .ThenByDescending(entry => Mean(entry.Values) * (metric.IsAccuracy() ? 1 : -1))
            .ThenBy(entry => entry.Cell.Index)
            .Select(entry => entry.Cell)];

    /// <summary>The value of a completed run; null where it did not converge.</summary>
    public static double? Value(CompletedRun run, SweepMetric metric) => run.NoConvergence ? null : metric.Of(run);

    // In the order of the seeds, so that the sum has the same bits each time.
    private static double Mean(IReadOnlyList<double?> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            sum += value ?? 0;
            count += value is null ? 0 : 1;
        }

        return count == 0 ? 0 : sum / count;
    }
}

using Orchestrator.Composition;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>Published values beside the cells of a table.</summary>
public static class PublishedCells
{
    /// <summary>
    /// The comparisons; null for a cell of which nothing is published. A published accuracy of at most one point above chance is a published run that did not
    /// converge, as it would be here.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="cells">The cells that the table shows.</param>
    /// <param name="summaries">What each of them came to.</param>
    public static IReadOnlyList<PublishedComparison?> Compare(SweepPlan plan, IReadOnlyList<Cell> cells, IReadOnlyList<CellSummary> summaries)
    {
        var published = new PublishedComparison?[cells.Count];
        if (plan.Settings.Published is not { } settings)
        {
            return published;
        }

        int[] with = [.. Enumerable.Range(0, cells.Count).Where(i => cells[i].Published is not null)];
        var comparisons = PublishedComparison.Of([.. with.Select(i => (Value(cells[i], plan.Metric), summaries[i]))], settings.Within);
        foreach (var (place, comparison) in with.Zip(comparisons))
        {
            published[place] = comparison;
        }

        return published;
    }

    private static PublishedValue Value(Cell cell, SweepMetric metric)
    {
        var value = cell.Published!;
        var isAtChance = metric == SweepMetric.TestAccuracy && cell.Classes >= 2 && value.Value <= (100.0 / cell.Classes) + 1;
        return isAtChance ? value with { Value = null, StandardDeviation = null } : value;
    }
}

using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>Published values beside the cells of a table.</summary>
public static class PublishedCells
{
    /// <summary>The comparisons; null for a cell of which nothing is published.</summary>
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
        var comparisons = PublishedComparison.Of([.. with.Select(i => (cells[i].Published!, summaries[i]))], settings.Within);
        foreach (var (place, comparison) in with.Zip(comparisons))
        {
            published[place] = comparison;
        }

        return published;
    }
}

using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>Published values beside the rows of a table.</summary>
public static class PublishedCells
{
    /// <summary>The comparisons; null for a setting of which nothing is published.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="groups">The settings that the table shows.</param>
    /// <param name="summaries">What each of them came to.</param>
    public static IReadOnlyList<PublishedComparison?> Compare(SweepPlan plan, IReadOnlyList<CellGroup> groups, IReadOnlyList<CellSummary> summaries)
    {
        var published = new PublishedComparison?[groups.Count];
        if (plan.Settings.Published is not { } settings)
        {
            return published;
        }

        int[] with = [.. Enumerable.Range(0, groups.Count).Where(i => groups[i].Published is not null)];
        var comparisons = PublishedComparison.Of([.. with.Select(i => (groups[i].Published!, summaries[i]))], settings.Within);
        foreach (var (place, comparison) in with.Zip(comparisons))
        {
            published[place] = comparison;
        }

        return published;
    }
}

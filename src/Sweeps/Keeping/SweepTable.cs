using Orchestrator.Statistics;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>
/// The table of a sweep, of what has been completed: the same bytes for any number of jobs, and
/// across any interruption.
/// </summary>
public static class SweepTable
{
    /// <summary>The table.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="results">What has been completed.</param>
    public static CellTable Of(SweepPlan plan, AgendaState state, ISweepResults results)
    {
        var of = RunsOf(state);
        var done = Done(plan, state, results);
        List<CellSummary> summaries = [.. done.Select(results => CellSummary.Of(results))];
        var published = PublishedCells.Compare(plan, state.Cells, summaries);
        return new CellTable
        {
            Axes = [.. plan.Axes.Select(axis => axis.Name)],
            Metric = MetricOf(plan),
            Within = plan.Settings.Published?.Within,
            Rows = [.. state.Cells.Select((cell, i) => new TableRow([.. cell.Values.Select(value => value.Text)], summaries[i], of[i].Count - done[i].Count, published[i]))],
        };
    }

    /// <summary>What the table says of a sweep's metric.</summary>
    /// <param name="plan">The sweep.</param>
    public static TableMetric MetricOf(SweepPlan plan) => plan.Metric.Table();

    /// <summary>Of each cell that is shown, what its completed runs came to.</summary>
    internal static List<List<SeedResult>> Done(SweepPlan plan, AgendaState state, ISweepResults results) => [.. RunsOf(state).Select(runs => Done(runs, plan, results))];

    /// <summary>The runs of each cell that is shown, done or not.</summary>
    /// <param name="state">Where the sweep stands.</param>
    public static IReadOnlyList<IReadOnlyList<PlannedRun>> RunsOf(AgendaState state)
    {
        var shown = state.Levels.ToHashSet();
        var known = state.Known.Where(wanted => wanted.Mark is null).Select(wanted => wanted.Run).GroupBy(run => run.Cell.Index)
            .ToDictionary(group => group.Key, group => group.Where(run => shown.Contains(run.Levels)).ToList());
        return [.. state.Cells.Select(cell => known.GetValueOrDefault(cell.Index) ?? [])];
    }

    private static List<SeedResult> Done(IReadOnlyList<PlannedRun> runs, SweepPlan plan, ISweepResults results) =>
        [.. runs.Select(run => (Run: run, Completed: results.Completed(run.Key))).Where(pair => pair.Completed is not null)
            .Select(pair => new SeedResult(new SeedKey(pair.Run.Levels.Seed, pair.Run.Levels.StreamText), Ranking.Value(pair.Completed!, plan.Metric)))];

    /// <summary>
    /// Writes <c>table.json</c>, <c>.csv</c>, <c>.md</c> and <c>.tex</c> into a sweep's folder.
    /// </summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static void Write(SweepFolder folder, CellTable table)
    {
        folder.Write("table.json", table.ToJson());
        folder.Write("table.csv", table.ToCsv());
        folder.Write("table.md", table.ToMarkdown());
        folder.Write("table.tex", table.ToLatex());
    }
}

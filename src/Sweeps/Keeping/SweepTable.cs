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
        var done = Done(plan, state, results);
        List<CellSummary> summaries = [.. done.Select(group => CellSummary.Of(CrossedSeeds.Once(group)))];
        List<int> missing = [.. RunsOf(state).Select(runs => runs.Count(run => results.Completed(run.Key) is null))];
        var published = PublishedCells.Compare(plan, state.Groups, summaries);
        return new CellTable
        {
            Axes = [.. plan.ShownAxes.Select(axis => axis.Name)],
            AveragedOver = [.. plan.Settings.Average, .. CrossedSeeds.StreamsOf([.. state.Levels.Select(level => new SeedKey(level.Seed, level.StreamText))])],
            Metric = MetricOf(plan),
            Within = plan.Settings.Published?.Within,
            Rows = [.. state.Groups.Select((group, i) => new TableRow([.. group.Values.Select(value => value.Text)], summaries[i], missing[i], published[i]))],
        };
    }

    /// <summary>What the table says of a sweep's metric.</summary>
    /// <param name="plan">The sweep.</param>
    public static TableMetric MetricOf(SweepPlan plan) => plan.Metric.Table();

    /// <summary>
    /// Of each setting that is shown, what it came to with each seed whose runs are completed.
    /// </summary>
    internal static List<List<SeedResult>> Done(SweepPlan plan, AgendaState state, ISweepResults results) =>
        [.. RunsOf(state).Zip(state.Groups).Select(pair => Done(pair.Second, pair.First, plan, results))];

    /// <summary>The runs of each setting that is shown, done or not.</summary>
    /// <param name="state">Where the sweep stands.</param>
    public static IReadOnlyList<IReadOnlyList<PlannedRun>> RunsOf(AgendaState state)
    {
        var shown = state.Levels.ToHashSet();
        var known = state.Known.Where(wanted => wanted.Mark is null).Select(wanted => wanted.Run).GroupBy(run => run.Cell.Index)
            .ToDictionary(group => group.Key, group => group.Where(run => shown.Contains(run.Levels)).ToList());
        return [.. state.Groups.Select(group => (IReadOnlyList<PlannedRun>)[.. group.Cells.SelectMany(cell => known.GetValueOrDefault(cell.Index) ?? [])])];
    }

    private static List<SeedResult> Done(CellGroup group, IReadOnlyList<PlannedRun> runs, SweepPlan plan, ISweepResults results)
    {
        var known = runs.ToDictionary(run => (run.Cell.Index, run.Levels));
        return [.. runs.Select(run => run.Levels).Distinct()
            .Select(level => group.Mean(level, cell => known.TryGetValue((cell.Index, level), out var run) ? Ranking.Result(run, results, plan.Metric) : null))
            .OfType<SeedResult>()];
    }

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

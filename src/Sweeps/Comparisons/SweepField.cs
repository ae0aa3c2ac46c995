using Orchestrator.Statistics;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>
/// The field of a sweep: what it compares, ranked over all that it varies besides. An environment
/// is one combination of the other axes' values.
/// </summary>
/// <param name="Table">Ranks, intervals, verdicts.</param>
/// <param name="Facts">What the paragraph for a paper says beyond them.</param>
public sealed record SweepField(FieldTable Table, PaperFacts Facts)
{
    private const int FewestVariants = 3;

    /// <summary>The paragraph for a paper.</summary>
    public string Paragraph => Table.Paragraph(Facts);

    /// <summary>
    /// The field; null where there is none: fewer than three variants or two environments, cells
    /// that are missing or were left behind, seeds that were added until a comparison was decided.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="results">What has been completed.</param>
    public static SweepField? Of(SweepPlan plan, AgendaState state, ISweepResults results)
    {
        if (plan.Until is not null || plan.Rounds.Count > 1 || plan.Settings.Search is Composition.SuccessiveHalving || Comparisons.AxisOf(plan.ShownAxes, plan.Settings.Compare) is not { } name)
        {
            return null;
        }

        var at = plan.ShownAxes.ToList().FindIndex(axis => axis.Name == name);
        var done = SweepTable.Done(plan, state, results);
        var cells = state.Groups.Select((group, i) => (Variant: group.Values[at].Text, Environment: EnvironmentOf(plan, group, at), Runs: CrossedSeeds.Once(done[i]))).ToList();
        List<string> variants = [.. cells.Select(cell => cell.Variant).Distinct()];
        List<string> environments = [.. cells.Select(cell => cell.Environment).Distinct()];
        if (variants.Count < FewestVariants || environments.Count < 2 || cells.Count != variants.Count * environments.Count)
        {
            return null;
        }

        var byPlace = cells.ToDictionary(cell => (cell.Variant, cell.Environment), cell => cell.Runs);

        // The first where no baseline is named, or 'where' left it out.
        var reference = Math.Max(0, variants.FindIndex(variant => variant == plan.Settings.Compare.Baseline));
        var table = FieldTable.Of(
            variants, environments, [.. variants.Select(v => (IReadOnlyList<IReadOnlyList<SeedResult>>)[.. environments.Select(e => byPlace[(v, e)])])], reference, SweepTable.MetricOf(plan));
        return table is null ? null : new(table, FactsOf(plan, state, results));
    }

    // A variant's name says what it is; a number needs the end of its path.
    private static string EnvironmentOf(SweepPlan plan, CellGroup group, int compared) => string.Join(", ", plan.ShownAxes.Zip(group.Values).Where((_, i) => i != compared)
        .Select(pair => pair.First.HasVariants ? pair.Second.Text : $"{pair.First.Name[(pair.First.Name.LastIndexOf('.') + 1)..]} = {pair.Second.Text}"));

    private static PaperFacts FactsOf(SweepPlan plan, AgendaState state, ISweepResults results)
    {
        var runs = state.Known.Select(wanted => results.Completed(wanted.Run.Key)).OfType<CompletedRun>().ToList();
        var hasSchedule = plan.Cells.All(cell => cell.Pipeline.Schedule is not null);
        return new(
            (plan.Rounds[^1].Levels.Count, plan.Rounds[^1].Levels.Count),
            runs.Count,
            runs.Count(run => run.NoConvergence),
            RunComparer.Varies(hasSchedule, runs.All(run => run.IsVirtual)),
            runs.Sum(run => run.WallSeconds) / 3600,
            "Orchestrator");
    }
}

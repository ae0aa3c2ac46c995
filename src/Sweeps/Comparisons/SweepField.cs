using Orchestrator.Runs;
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

    /// <summary>
    /// Variants each of whose runs has the digest of the same run of the one that all are compared
    /// with.
    /// </summary>
    public IReadOnlyList<string> Twins { get; init; } = [];

    /// <summary>The paragraph for a paper.</summary>
    public string Paragraph => Table.Paragraph(Facts);

    /// <summary>
    /// Why a sweep has no field whatever its runs come to, with the setting that makes it so; null
    /// where it can have one.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    public static string? Never(SweepPlan plan) => plan switch
    {
        { Until: not null } => "sweep.seeds: seeds are added until comparisons are decided, so that not all rules have the same; give their number, with --seeds for instance",
        { Settings.Search: Composition.SuccessiveHalving } => "sweep.search: successive halving leaves cells behind, which then have no rank; remove it",
        { Rounds.Count: > 1 } => "sweep.stages: later stages leave cells behind, which then have no rank; remove them",
        _ => Comparisons.AxisOf(plan.ShownAxes, plan.Settings.Compare) is { } name ? Never(plan, name) : "sweep.compare.axis: nothing says along which axis rules are compared; name it",
    };

    /// <summary>The field, or why there is none yet, or never.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="results">What has been completed.</param>
    public static SweepFieldResult Of(SweepPlan plan, AgendaState state, ISweepResults results)
    {
        if (Never(plan) is { } reason)
        {
            return new(null, reason);
        }

        var cells = Cells(plan, state, results);
        var failed = state.Failed.Select(run => run.Cell.Index).ToHashSet();
        List<string> leftOut =
        [
            .. cells.Where(cell => cell.Group.Cells.Any(of => failed.Contains(of.Index))).GroupBy(cell => cell.Variant, cell => cell.Environment)
                .Select(variant => $"{variant.Key} (in {string.Join("; ", variant)})"),
        ];
        var whole = cells.GroupBy(cell => cell.Variant).Where(variant => variant.All(cell => cell.Group.Cells.All(of => !failed.Contains(of.Index)))).SelectMany(variant => variant).ToList();
        List<string> variants = [.. whole.Select(cell => cell.Variant).Distinct()];
        List<string> environments = [.. cells.Select(cell => cell.Environment).Distinct()];
        if (variants.Count < FewestVariants)
        {
            return new(null, $"runs of these have failed, and of the others there are fewer than {FewestVariants} to be ranked: {string.Join(", ", leftOut)}");
        }

        var byPlace = whole.ToDictionary(cell => (cell.Variant, cell.Environment), cell => cell.Runs);

        // The first where no baseline is named, or it is not among them.
        var reference = Math.Max(0, variants.FindIndex(variant => variant == plan.Settings.Compare.Baseline));
        var table = FieldTable.Of(
            variants, environments, [.. variants.Select(v => (IReadOnlyList<IReadOnlyList<SeedResult>>)[.. environments.Select(e => byPlace[(v, e)])])], reference, SweepTable.MetricOf(plan));
        return table is null
            ? new(null, "no seed has been run by all rules in all environments yet")
            : new(new(table, FactsOf(plan, table, [.. whole.SelectMany(cell => cell.Planned)], leftOut, results)) { Twins = TwinsOf(variants, reference, whole, results) }, null);
    }

    // Runs that have no digest, as on the wall clock, are nobody's twins.
    private static List<string> TwinsOf(List<string> variants, int reference, List<FieldCell> cells, ISweepResults results)
    {
        var digests = cells.OrderBy(cell => cell.Environment, StringComparer.Ordinal)
            .ToLookup(cell => cell.Variant, cell => string.Join(' ', cell.Planned.Select(run => results.Completed(run.Key)?.Digest ?? $"none of {run.Key}")));
        var own = digests[variants[reference]].ToList();
        return [.. variants.Where((variant, v) => v != reference && digests[variant].SequenceEqual(own))];
    }

    private static string? Never(SweepPlan plan, string name)
    {
        var at = plan.ShownAxes.ToList().FindIndex(axis => axis.Name == name);
        var (variants, environments) = (plan.Groups.DistinctBy(group => group.Values[at].Text).Count(), plan.Groups.DistinctBy(group => EnvironmentOf(plan, group, at)).Count());
        return variants < FewestVariants ? $"{name}: ranks are of {FewestVariants} rules at least, and there {(variants == 1 ? "is one" : "are two")} (sweep.axes, or what --where leaves)"
            : environments < 2 ? "sweep.axes: ranks are over two environments at least, and there is one; vary something besides, or let --where leave more"
            : plan.Groups.Count != variants * environments ? "sweep.axes: not every rule is run in every environment (sweep.where, sweep.exclude, --where, or a search that draws), so their ranks would be of different fields; keep all combinations"
            : null;
    }

    private static List<FieldCell> Cells(SweepPlan plan, AgendaState state, ISweepResults results)
    {
        var at = plan.ShownAxes.ToList().FindIndex(axis => axis.Name == Comparisons.AxisOf(plan.ShownAxes, plan.Settings.Compare));
        var (done, planned) = (SweepTable.Done(plan, state, results), SweepTable.RunsOf(state));
        return [.. state.Groups.Select((group, i) => new FieldCell(group, group.Values[at].Text, EnvironmentOf(plan, group, at), CrossedSeeds.Once(done[i]), planned[i]))];
    }

    // A variant's name says what it is; a number needs the end of its path.
    private static string EnvironmentOf(SweepPlan plan, CellGroup group, int compared) => string.Join(", ", plan.ShownAxes.Zip(group.Values).Where((_, i) => i != compared)
        .Select(pair => pair.First.HasVariants ? pair.Second.Text : $"{pair.First.Name[(pair.First.Name.LastIndexOf('.') + 1)..]} = {pair.Second.Text}"));

    // Of the runs that the ranks are of, and of no others.
    private static PaperFacts FactsOf(SweepPlan plan, FieldTable table, IReadOnlyList<PlannedRun> planned, IReadOnlyList<string> leftOut, ISweepResults results)
    {
        var seeds = table.Ranks.OfVariants[0].Select(seed => seed.Key.Seed).ToHashSet();
        var runs = planned.Where(run => seeds.Contains(run.Levels.Seed)).Select(run => results.Completed(run.Key)).OfType<CompletedRun>().ToList();
        var hasSchedule = plan.Cells.All(cell => cell.Pipeline.Schedule is not null);
        return new(
            (table.Ranks.Seeds, Math.Max(table.Ranks.Seeds, planned.Select(run => run.Levels.Seed).Distinct().Count())),
            runs.Count,
            runs.Count(run => run.NoConvergence),
            RunComparer.Varies(hasSchedule, runs.All(run => run.IsVirtual)),
            runs.Sum(run => run.WallSeconds) / 3600,
            $"Orchestrator {RunSession.ProgramVersion}")
        {
            LeftOut = leftOut,
        };
    }

    private sealed record FieldCell(CellGroup Group, string Variant, string Environment, IReadOnlyList<SeedResult> Runs, IReadOnlyList<PlannedRun> Planned);
}

/// <summary>A sweep's field, or why it has none.</summary>
/// <param name="Field">Null where there is none.</param>
/// <param name="Reason">Why, without a full stop; null where there is one.</param>
public sealed record SweepFieldResult(SweepField? Field, string? Reason);

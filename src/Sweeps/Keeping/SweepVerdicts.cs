using Orchestrator.Statistics;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>
/// The verdicts of a sweep, beside its table: of seeds until decided those that ended it, else
/// those of the runs that are there.
/// </summary>
public sealed class SweepVerdicts
{
    private readonly ComparisonTable? fixedSeeds;
    private readonly SequentialTable? untilDecided;

    private SweepVerdicts(ComparisonTable table) => fixedSeeds = table;

    private SweepVerdicts(SequentialTable table) => untilDecided = table;

    /// <summary>
    /// The verdicts; null where nothing is compared: no axis is named or follows, or cells were
    /// left behind on the way, which is no comparison.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="results">What has been completed.</param>
    public static SweepVerdicts? Of(SweepPlan plan, AgendaState state, ISweepResults results)
    {
        if (plan.Until is { } until)
        {
            var table = new GrowingSeeds(plan, until, SweepPlan.Run).Family(results).Table;
            return table.Plan.Count == 0 ? null : new(table);
        }

        var places = state.Groups.Index().ToDictionary(group => group.Item.Index, group => group.Index);
        PlannedComparison[] comparisons = plan.Settings.Search is Composition.SuccessiveHalving
            ? []
            : [.. Comparisons.Of(plan).Where(c => places.ContainsKey(c.A) && places.ContainsKey(c.B)).Select(c => c with { A = places[c.A], B = places[c.B] })];
        if (comparisons.Length == 0)
        {
            return null;
        }

        IReadOnlyList<SeedResult>[] runs = [.. SweepTable.Done(plan, state, results).Select(CrossedSeeds.Once)];
        var terms = Comparisons.TermsOf(plan, comparisons.Length);
        var family = ComparisonFamily.Of([.. comparisons.Select(c => c.With(runs))], new() { Delta = terms.Delta, HigherIsBetter = terms.HigherIsBetter });
        return new(new ComparisonTable(family, SweepTable.MetricOf(plan)));
    }

    /// <summary>
    /// For a terminal: no line is longer than <paramref name="width"/> columns (40 at least).
    /// </summary>
    public string ToText(int width) => untilDecided?.ToText(width) ?? fixedSeeds!.ToText(width);

    /// <summary>The table as texts, for whoever draws it in another form.</summary>
    public Grid ToGrid() => untilDecided?.ToGrid() ?? fixedSeeds!.ToGrid();

    /// <summary>JSON at full precision.</summary>
    public string ToJson() => untilDecided?.ToJson() ?? fixedSeeds!.ToJson();

    /// <summary>
    /// Writes <c>comparisons.json</c>, <c>.csv</c>, <c>.md</c> and <c>.tex</c> into a sweep's
    /// folder.
    /// </summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Write(SweepFolder folder)
    {
        folder.Write("comparisons.json", ToJson());
        folder.Write("comparisons.csv", untilDecided?.ToCsv() ?? fixedSeeds!.ToCsv());
        folder.Write("comparisons.md", untilDecided?.ToMarkdown() ?? fixedSeeds!.ToMarkdown());
        folder.Write("comparisons.tex", untilDecided?.ToLatex() ?? fixedSeeds!.ToLatex());
    }
}

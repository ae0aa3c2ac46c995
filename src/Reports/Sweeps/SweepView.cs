using Orchestrator.Statistics.Tables;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>All that the page of a sweep shows, at one moment.</summary>
/// <param name="Plan">The sweep.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Results">What has been completed.</param>
/// <param name="Table">Its cells.</param>
/// <param name="Verdicts">Its comparisons; null where it asks for none.</param>
/// <param name="Curves">One for each cell of the table.</param>
internal sealed record SweepView(SweepPlan Plan, AgendaState State, ISweepResults Results, CellTable Table, SweepVerdicts? Verdicts, SweepCurves Curves)
{
    /// <summary>
    /// Gap through training, a curve for each cell; null where there are too many pushes to read.
    /// </summary>
    public SweepCurves? Gap { get; private init; }

    /// <summary>Staleness likewise.</summary>
    public SweepCurves? Staleness { get; private init; }

    /// <summary>What analyzers found in its runs.</summary>
    public IReadOnlyList<AnalyzedFinding> Findings { get; init; } = [];

    // Ranked when it is drawn: the parts of a live page that change have no ranks.
    private readonly Lazy<SweepField?> ranked = new(() => SweepField.Of(Plan, State, Results).Field);

    /// <summary>What it compares, ranked over its environments; null where it is no field.</summary>
    public SweepField? Field => ranked.Value;

    /// <summary>Reads it.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="evaluations">Of its runs.</param>
    /// <param name="pushes">Of its runs.</param>
    public static SweepView Read(SweepPlan plan, AgendaState state, ISweepResults results, RunCurves evaluations, PushCurves pushes)
    {
        var isRead = pushes.CanRead(SweepTable.RunsOf(state).SelectMany(runs => runs).Select(run => results.Completed(run.Key)).OfType<CompletedRun>());
        return new(
            plan, state, results, SweepTable.Of(plan, state, results), SweepVerdicts.Of(plan, state, results),
            SweepCurves.Read(state, results, run => evaluations.Of(run)?.Select(one => new CurvePoint(one.Epoch, one.Version, one.At / 1e9, plan.Metric.Of(one)))))
        {
            Gap = isRead ? SweepCurves.Read(state, results, run => pushes.Of(run)?.Gap) : null,
            Staleness = isRead ? SweepCurves.Read(state, results, run => pushes.Of(run)?.Staleness) : null,
        };
    }

    /// <summary>The data of the page.</summary>
    public string ToJson() => PageJson.Write(json =>
    {
        json.WriteString("metric", Table.Metric.Label);
        json.WriteString("heading", Table.Metric.Heading);
        json.WriteString("unit", Table.Metric.Unit);
        json.WriteBoolean("higherIsBetter", Table.Metric.HigherIsBetter);
        json.Element("table", Table.ToJson());
        if (Verdicts is not null)
        {
            json.Element("comparisons", Verdicts.ToJson());
        }

        Curves.Write(json, "curves");
        Gap?.Write(json, "gap");
        Staleness?.Write(json, "staleness");
        Reports.Findings.WriteFactors(json, Findings);
    });
}

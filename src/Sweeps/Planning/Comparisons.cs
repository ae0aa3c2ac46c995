using Orchestrator.Composition;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>What a sweep compares with what, known before its first run.</summary>
public static class Comparisons
{
    /// <summary>
    /// The comparisons; none where no axis can be compared along, or no cell has the baseline.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    public static IReadOnlyList<PlannedComparison> Of(SweepPlan plan)
    {
        if (AxisOf(plan.ShownAxes, plan.Settings.Compare) is not { } compared || LacksBaseline(plan))
        {
            return [];
        }

        // Where all cells have one value of an axis, it tells no two comparisons apart.
        List<int> told = [.. plan.ShownAxes.Index()
            .Where(axis => axis.Item.Name == compared || plan.Groups.Select(group => group.Values[axis.Index].Json).Distinct().Skip(1).Any()).Select(axis => axis.Index)];
        return PlannedComparison.Plan(
            [.. told.Select(axis => plan.ShownAxes[axis].Name)],
            [.. plan.Groups.Select(group => (IReadOnlyList<string>)[.. told.Select(axis => group.Values[axis].Text)])], compared, plan.Settings.Compare.Baseline);
    }

    /// <summary>
    /// Whether a baseline is named that none of its cells has: <c>where</c> and <c>exclude</c> can
    /// leave it out.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    internal static bool LacksBaseline(SweepPlan plan)
    {
        var compared = AxisOf(plan.ShownAxes, plan.Settings.Compare);
        var at = plan.ShownAxes.ToList().FindIndex(axis => axis.Name == compared);
        return at >= 0 && plan.Settings.Compare.Baseline is { } baseline && plan.Groups.All(group => group.Values[at].Text != baseline);
    }

    /// <summary>
    /// The axis along which cells are compared; null where it is not said and does not follow.
    /// </summary>
    internal static string? AxisOf(IReadOnlyList<Axis> axes, CompareSettings compare)
    {
        if (compare.Axis is { } named)
        {
            return axes.Any(axis => axis.Name == named) ? named : null;
        }

        var candidates = axes.Where(axis => axis.HasVariants).ToList();
        candidates = candidates.Count > 0 ? candidates : [.. axes];
        return candidates.Count == 1 ? candidates[0].Name : null;
    }

    /// <summary>What a sweep's seeds until decided go by.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="comparisons">How many comparisons share the 5 %.</param>
    public static SequentialTerms TermsOf(SweepPlan plan, int comparisons) => new()
    {
        Delta = plan.Settings.Compare.Delta ?? (plan.Metric.IsAccuracy() ? ComparisonTerms.DeltaOfAccuracy : 0),
        HigherIsBetter = plan.Metric.IsAccuracy(),
        Family = Math.Max(1, comparisons),
        SmallestN = plan.Until?.Fewest ?? ComparisonTerms.SmallestN,
        LargestN = plan.Until?.Most ?? ComparisonTerms.SmallestN,
    };
}

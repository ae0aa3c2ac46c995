using Orchestrator.Composition;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>
/// Which settings are better. It depends on values alone; of equal ones the earlier comes first.
/// </summary>
internal static class Ranking
{
    /// <summary>
    /// Orders settings, best first: by how many of their results did not converge, then by the mean
    /// of the others.
    /// </summary>
    /// <param name="groups">The settings.</param>
    /// <param name="values">Of each setting its value with each seed; null for one that did not
    /// converge.</param>
    /// <param name="metric">What the values are.</param>
    public static IReadOnlyList<CellGroup> Best(IEnumerable<CellGroup> groups, Func<CellGroup, IReadOnlyList<double?>> values, SweepMetric metric) =>
        [.. groups.Select(group => (Group: group, Values: values(group)))
            .OrderBy(entry => entry.Values.Count(value => value is null))
            .ThenByDescending(entry => Mean(entry.Values) * (metric.IsAccuracy() ? 1 : -1))
            .ThenBy(entry => entry.Group.Index)
            .Select(entry => entry.Group)];

    /// <summary>What a run came to; null where it is not completed.</summary>
    public static SeedResult? Result(PlannedRun run, ISweepResults results, SweepMetric metric) => results.Completed(run.Key) is { } completed
        ? new SeedResult(new(run.Levels.Seed, run.Levels.StreamText), Value(completed, metric))
        : null;

    /// <summary>The value of a completed run; null where it did not converge.</summary>
    public static double? Value(CompletedRun run, SweepMetric metric) => run.NoConvergence ? null : metric.Of(run);

    // In the order of the seeds, so that the sum has the same bits each time.
    private static double Mean(IReadOnlyList<double?> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            sum += value ?? 0;
            count += value is null ? 0 : 1;
        }

        return count == 0 ? 0 : sum / count;
    }
}

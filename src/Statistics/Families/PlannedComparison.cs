namespace Orchestrator.Statistics;

/// <summary>Two cells of a sweep that are to be compared.</summary>
/// <param name="A">Index of the first cell.</param>
/// <param name="B">Index of the second.</param>
/// <param name="NameA">The first one's value on the compared axis.</param>
/// <param name="NameB">The second one's.</param>
/// <param name="Environment">What both share, as <c>workers.count = 5</c>; empty where the sweep
/// has no other axis.</param>
public sealed record PlannedComparison(int A, int B, string NameA, string NameB, string Environment)
{
    /// <summary>
    /// The family of a sweep: along one axis, within each combination of the others, every value
    /// against the baseline, or, without one, every later value against every earlier one. It is
    /// known before the first run, and so is its size.
    /// </summary>
    /// <param name="axes">Names of the axes.</param>
    /// <param name="cells">Of each cell, its value on each axis.</param>
    /// <param name="axis">The axis whose values are compared.</param>
    /// <param name="baseline">One of its values; null for all pairs.</param>
    /// <exception cref="ArgumentException">The axis, or the baseline, does not exist.</exception>
    public static IReadOnlyList<PlannedComparison> Plan(
        IReadOnlyList<string> axes, IReadOnlyList<IReadOnlyList<string>> cells, string axis, string? baseline = null)
    {
        var compared = axes.ToList().IndexOf(axis);
        if (compared < 0)
        {
            throw new ArgumentException($"There is no axis {axis}; there are {string.Join(", ", axes)}.", nameof(axis));
        }

        if (baseline is not null && cells.All(c => c[compared] != baseline))
        {
            var values = string.Join(", ", cells.Select(c => c[compared]).Distinct());
            throw new ArgumentException($"The axis {axis} has no value {baseline}; it has {values}.", nameof(baseline));
        }

        var plan = new List<PlannedComparison>();
        foreach (var environment in cells.Index().GroupBy(c => EnvironmentOf(axes, c.Item, compared)))
        {
            (int Index, IReadOnlyList<string> Item)[] members = [.. environment];
            foreach (var b in baseline is null ? members : members.Where(m => m.Item[compared] == baseline))
            {
                foreach (var a in baseline is null ? members.Where(m => m.Index > b.Index) : members.Where(m => m.Index != b.Index))
                {
                    plan.Add(new(a.Index, b.Index, a.Item[compared], b.Item[compared], environment.Key));
                }
            }
        }

        return plan;
    }

    /// <summary>The comparison with its runs.</summary>
    /// <param name="results">Of each cell, its runs.</param>
    public Pairing With(IReadOnlyList<IReadOnlyList<SeedResult>> results) => new(NameA, NameB, Environment, results[A], results[B]);

    private static string EnvironmentOf(IReadOnlyList<string> axes, IReadOnlyList<string> values, int compared) =>
        string.Join(", ", axes.Select((name, i) => (name, i)).Where(a => a.i != compared).Select(a => $"{a.name} = {values[a.i]}"));
}

namespace Orchestrator.Statistics;

/// <summary>
/// Runs in which seeds are crossed with levels of named streams. Those of one seed are not
/// independent of one another, so each seed counts once: with the mean over its levels, and as one
/// that did not converge where any of them did not. What is said of them then holds for these
/// levels.
/// </summary>
public static class CrossedSeeds
{
    /// <summary>
    /// The results with each seed once; as they are where seeds and streams are not crossed.
    /// </summary>
    public static IReadOnlyList<SeedResult> Once(IReadOnlyList<SeedResult> runs)
    {
        var isCrossed = runs.GroupBy(r => r.Key.Seed).Any(g => g.Skip(1).Any()) && runs.GroupBy(r => r.Key.Streams).Any(g => g.Skip(1).Any());
        return isCrossed ? [.. runs.GroupBy(r => r.Key.Seed).Select(seed => Of(seed.Key, [.. seed.OrderBy(r => r.Key)]))] : runs;
    }

    /// <summary>One seed with all its levels.</summary>
    public static SeedResult Of(long seed, IReadOnlyList<SeedResult> levels) =>
        new(new(seed), levels.All(r => r.Converged) ? levels.Average(r => r.Value!.Value) : null);
}

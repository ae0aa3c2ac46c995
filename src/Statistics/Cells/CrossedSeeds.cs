namespace Orchestrator.Statistics;

/// <summary>
/// Runs in which seeds are crossed with levels of named streams, or levels of several streams with
/// one another. Those of one seed are not independent, so each seed counts once: with the mean over
/// its levels, and as one that did not converge where any of them did not. What is said of them then
/// holds for these levels.
/// </summary>
public static class CrossedSeeds
{
    /// <summary>
    /// The results with each seed once; as they are where nothing is crossed. A seed that lacks
    /// levels that others have is left out: its mean would be one over other levels.
    /// </summary>
    public static IReadOnlyList<SeedResult> Once(IReadOnlyList<SeedResult> runs)
    {
        if (StreamsOf([.. runs.Select(r => r.Key)]).Count == 0)
        {
            return runs;
        }

        var seeds = runs.GroupBy(r => r.Key.Seed).ToList();
        var levels = runs.Select(r => r.Key.Streams).Distinct().Count();
        return [.. seeds.Where(seed => seed.Count() == levels).Select(seed => Of(seed.Key, [.. seed.OrderBy(r => r.Key)]))];
    }

    /// <summary>
    /// The streams whose levels are crossed with seeds or with one another, in order; none where every
    /// run has a level of its own, as where one seed has many levels of one stream.
    /// </summary>
    /// <param name="keys">Of one cell's runs, or of several.</param>
    public static IReadOnlyList<string> StreamsOf(IReadOnlyList<SeedKey> keys)
    {
        SeedKey[] runs = [.. keys.Distinct()];
        if (!runs.GroupBy(key => key.Seed).Any(seed => seed.Skip(1).Any()))
        {
            return [];
        }

        // A level that all runs share crosses nothing.
        var levels = runs.SelectMany(key => key.Streams.Split(' ', StringSplitOptions.RemoveEmptyEntries)).GroupBy(level => level).ToDictionary(level => level.Key, level => level.Count());
        return levels.Values.Any(count => count > 1 && count < runs.Length)
            ? [.. levels.Where(level => level.Value < runs.Length).Select(level => level.Key[..level.Key.IndexOf('=')]).Distinct().Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>One seed with all its levels.</summary>
    public static SeedResult Of(long seed, IReadOnlyList<SeedResult> levels) =>
        new(new(seed), levels.All(r => r.Converged) ? levels.Average(r => r.Value!.Value) : null);
}

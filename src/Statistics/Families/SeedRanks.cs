namespace Orchestrator.Statistics;

/// <summary>
/// Variants ranked against each other seed by seed: in each environment the runs of one seed are
/// ranked, a run that did not converge last, and a variant's rank with that seed is the mean over
/// the environments. Seeds are what repeats, so ranks have intervals, and two variants are compared
/// on common seeds as any other number is.
/// </summary>
public sealed record SeedRanks
{
    /// <summary>Of each variant, its mean rank over the environments, for every seed.</summary>
    public required IReadOnlyList<IReadOnlyList<SeedResult>> OfVariants { get; init; }

    /// <summary>Of each variant, its mean rank over the seeds in each environment.</summary>
    public required IReadOnlyList<double[]> InEnvironments { get; init; }

    /// <summary>Of each variant, in each environment, the runs that did not converge.</summary>
    public required IReadOnlyList<Proportion[]> NoConvergence { get; init; }

    /// <summary>Seeds that every variant ran in every environment: those that count.</summary>
    public int Seeds => OfVariants[0].Count;

    /// <summary>
    /// Ranks variants; null where no seed was run by all of them in all environments.
    /// </summary>
    /// <param name="results">Of each variant, in each environment, its runs.</param>
    /// <param name="higherIsBetter">Whether the largest value gets rank 1.</param>
    /// <exception cref="ArgumentException">There are fewer than two variants, no environment, or a
    /// variant lacks one.</exception>
    public static SeedRanks? Of(IReadOnlyList<IReadOnlyList<IReadOnlyList<SeedResult>>> results, bool higherIsBetter)
    {
        if (results.Count < 2 || results[0].Count == 0 || results.Any(variant => variant.Count != results[0].Count))
        {
            throw new ArgumentException("Ranks need two variants, and the same environments of each.", nameof(results));
        }

        var (variants, environments) = (results.Count, results[0].Count);
        var values = results.Select(variant => variant.Select(runs => runs.ToDictionary(run => run.Key, run => run.Converged ? run.Value!.Value : double.NaN)).ToList()).ToList();
        List<SeedKey> seeds = [.. values[0][0].Keys.Where(key => values.All(variant => variant.All(runs => runs.ContainsKey(key)))).Order()];
        if (seeds.Count == 0)
        {
            return null;
        }

        // Sums of ranks are exact, so that equal means are equal to the last bit.
        var bySeed = seeds.Select(_ => new double[variants]).ToList();
        var byEnvironment = Enumerable.Range(0, variants).Select(_ => new double[environments]).ToList();
        foreach (var (s, seed) in seeds.Index())
        {
            for (var e = 0; e < environments; e++)
            {
                var ranks = RowRanks.Of([.. values.Select(variant => variant[e][seed])], higherIsBetter, out _);
                for (var v = 0; v < variants; v++)
                {
                    bySeed[s][v] += ranks[v];
                    byEnvironment[v][e] += ranks[v];
                }
            }
        }

        return new SeedRanks
        {
            OfVariants = [.. Enumerable.Range(0, variants).Select(v => (IReadOnlyList<SeedResult>)[.. seeds.Select((seed, s) => new SeedResult(seed, bySeed[s][v] / environments))])],
            InEnvironments = [.. byEnvironment.Select(sums => sums.Select(sum => sum / seeds.Count).ToArray())],
            NoConvergence = [.. values.Select(variant => variant.Select(runs => new Proportion(seeds.Count(seed => double.IsNaN(runs[seed])), seeds.Count)).ToArray())],
        };
    }
}

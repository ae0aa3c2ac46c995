namespace Orchestrator.Statistics;

/// <summary>
/// Seeds until decided: where every comparison of a sweep stands, and how many seeds each cell
/// should have next. It depends on the results alone, taken in the order of the planned seeds up to
/// the first that is missing; not on the order in which runs ended, nor on how many ran at once.
/// </summary>
/// <param name="Comparisons">In the order of the plan.</param>
/// <param name="SeedsWanted">Of each cell, how many of the planned seeds it should have; what it
/// has is enough where this is no more.</param>
public sealed record SequentialFamily(IReadOnlyList<SequentialComparison> Comparisons, IReadOnlyList<int> SeedsWanted)
{
    /// <summary>Whether no comparison is open.</summary>
    public bool IsDecided => Comparisons.All(c => !c.IsOpen);

    /// <summary>Looks at everything there is.</summary>
    /// <param name="plan">The comparisons; terms must name as many.</param>
    /// <param name="seeds">The planned seeds, in order; as many as the largest n, at least.</param>
    /// <param name="results">Of each cell, the runs that are complete, in any order.</param>
    /// <param name="terms">What it goes by.</param>
    /// <param name="step">Seeds that an open cell gets at a time; at least 1. Looking less often
    /// costs seeds, never validity.</param>
    public static SequentialFamily Of(
        IReadOnlyList<PlannedComparison> plan, IReadOnlyList<SeedKey> seeds, IReadOnlyList<IReadOnlyList<SeedResult>> results, SequentialTerms terms, int step = 1)
    {
        IReadOnlyList<SeedResult>[] prefixes = [.. results.Select(cell => Prefix(cell, seeds))];
        SequentialComparison[] comparisons = [.. plan.Select(c => SequentialComparison.Of(prefixes[c.A], prefixes[c.B], terms))];
        var wanted = new int[results.Count];
        Array.Fill(wanted, Math.Min(terms.SmallestN, terms.LargestN));
        foreach (var (planned, comparison) in plan.Zip(comparisons))
        {
            // An open comparison has looked at every common seed; a decided one may have stopped
            // before.
            var next = comparison.IsOpen ? Math.Min(terms.LargestN, Math.Max(terms.SmallestN, comparison.Seeds + step)) : comparison.Seeds;
            wanted[planned.A] = Math.Max(wanted[planned.A], next);
            wanted[planned.B] = Math.Max(wanted[planned.B], next);
        }

        return new(comparisons, wanted);
    }

    private static IReadOnlyList<SeedResult> Prefix(IReadOnlyList<SeedResult> cell, IReadOnlyList<SeedKey> seeds)
    {
        var byKey = cell.ToDictionary(r => r.Key);
        return [.. seeds.TakeWhile(byKey.ContainsKey).Select(key => byKey[key])];
    }
}

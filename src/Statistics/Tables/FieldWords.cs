namespace Orchestrator.Statistics.Tables;

/// <summary>What is said of variants over environments, made from the numbers alone.</summary>
internal static class FieldWords
{
    /// <summary>How a variant stands against the reference.</summary>
    public static string Verdict(PairedComparison comparison) => comparison.Verdict switch
    {
        Statistics.Verdict.ABetter => "better",
        Statistics.Verdict.BBetter => "worse",
        Statistics.Verdict.ABetterByLess => $"better, by less than {Numbers.Exact(FieldTable.Delta)}",
        Statistics.Verdict.BBetterByLess => $"worse, by less than {Numbers.Exact(FieldTable.Delta)}",
        Statistics.Verdict.Equivalent => $"equivalent within {Numbers.Exact(FieldTable.Delta)}",
        Statistics.Verdict.NotDistinguishable => "not distinguishable",
        _ => $"no verdict below {ComparisonTerms.SmallestN} seeds",
    };

    public static string Caption(FieldTable table)
    {
        var (over, comparisons) = (table.OverEnvironments, table.Against.Family.Comparisons);
        List<string> sentences =
        [
            $"Rank by {table.Metric.Label} among {table.Variants.Count} (1 is best; ties share; runs that did not converge, NC, are last) in each of {table.Environments.Count} environments "
                + $"and with {(table.Ranks.Seeds == 1 ? "one seed" : $"each of {table.Ranks.Seeds} seeds")}, averaged over the environments; the 95 % t interval is over the seeds.",
            $"Against {table.Variants[table.Reference]}: sign-flip tests of the difference in rank on common seeds, Holm-adjusted over {comparisons.Count}; "
                + $"differences within {Numbers.Exact(FieldTable.Delta)} do not matter.",
        ];
        if (TooFew(table) is { } tooFew)
        {
            sentences.Add(tooFew);
        }

        sentences.Add($"Over other environments than these: variants are ranked once more in each, by their ranks there (over: the mean). {Nemenyi(over)}");
        return string.Join(' ', sentences);
    }

    public static string Paragraph(FieldTable table, PaperFacts facts)
    {
        var (reference, comparisons) = (table.Variants[table.Reference], table.Against.Family.Comparisons);
        List<string> sentences =
        [
            $"We rank {table.Variants.Count} rules by {table.Metric.Label} ({(table.Metric.HigherIsBetter ? "higher" : "lower")} is better) in {table.Environments.Count} environments, "
                + $"with {Seeds(facts.Seeds)} ({facts.Runs} runs, {facts.Software}).",
            $"Runs of one rule in one environment differ in {facts.Varies}.",
            "A rule's rank is its mean rank over the environments, ties sharing and runs that did not converge last; intervals are 95% Student t intervals over seeds, "
                + $"p values are of two-sided sign-flip permutation tests on common seeds, Holm-adjusted over {comparisons.Count} comparisons with {reference}.",
            facts.WithoutConvergence == 0 ? "All runs converged." : $"{facts.WithoutConvergence} of {facts.Runs} runs did not converge.",
        ];
        if (facts.LeftOut.Count > 0)
        {
            sentences.Add($"Not ranked, for runs of them failed: {string.Join(", ", facts.LeftOut)}.");
        }

        sentences.Add($"{reference} is number {table.PlaceOf(table.Reference)} of {table.Variants.Count}, at rank {Interval(table, table.Reference)}.");
        sentences.AddRange(new[]
        {
            Group(comparisons, "better than it", Statistics.Verdict.ABetter),
            Group(comparisons, $"better than it, by less than {Numbers.Exact(FieldTable.Delta)} ranks", Statistics.Verdict.ABetterByLess),
            Group(comparisons, "worse than it", Statistics.Verdict.BBetter),
            Group(comparisons, $"worse than it, by less than {Numbers.Exact(FieldTable.Delta)} ranks", Statistics.Verdict.BBetterByLess),
            Group(comparisons, $"equivalent to it within {Numbers.Exact(FieldTable.Delta)} ranks", Statistics.Verdict.Equivalent),
            Group(comparisons, "not to be told from it", Statistics.Verdict.NotDistinguishable),
            Group(comparisons, $"without a verdict (below {ComparisonTerms.SmallestN} seeds)", Statistics.Verdict.TooFewSeeds),
        }.OfType<string>());
        if (TooFew(table) is { } tooFew)
        {
            sentences.Add(tooFew);
        }

        var best = table.Order[0];
        if (best != table.Reference)
        {
            sentences.Add($"The best rank is that of {table.Variants[best]}, {Interval(table, best)}.");
        }

        sentences.Add($"Over environments, ranked once more in each by these ranks: {Nemenyi(table.OverEnvironments)}");
        if (facts.CoreHours is { } hours)
        {
            sentences.Add($"The runs took {PaperText.Hours(hours)}.");
        }

        return string.Join(' ', sentences);
    }

    // Where no p can be small enough, that nothing was found says nothing.
    private static string? TooFew(FieldTable table) =>
        table.Against.Family.Comparisons.Count is > 0 and var count && SignFlip.SmallestP(table.Ranks.Seeds) * count > ComparisonTerms.Level
            ? $"With {(table.Ranks.Seeds == 1 ? "one seed" : $"{table.Ranks.Seeds} seeds")} no difference could be found in a family so large."
            : null;

    private static string Seeds((int Count, int Asked) seeds) =>
        seeds.Count < seeds.Asked ? $"{seeds.Count} of {seeds.Asked} seeds each, not complete" : seeds.Count == 1 ? "one seed each" : $"{seeds.Count} seeds each";

    // Seeds say how sure these ranks are; environments, how far they reach.
    private static string Nemenyi(RankSummary over) => over.P > ComparisonTerms.Level
        ? $"Friedman's test finds no difference (p {Numbers.P(over.P)}), so no pair is claimed."
        : $"Friedman's p {Equal(over.P)}, and mean ranks more than {Numbers.Fixed(over.CriticalDifference, 2)} apart differ at 5 % (Nemenyi): {Pairs(over)}.";

    private static string Pairs(RankSummary over)
    {
        var (all, apart) = (0, 0);
        for (var a = 0; a < over.MeanRanks.Count; a++)
        {
            for (var b = 0; b < a; b++)
            {
                all++;
                apart += Math.Abs(over.MeanRanks[a] - over.MeanRanks[b]) > over.CriticalDifference ? 1 : 0;
            }
        }

        return $"{apart} of {all} pairs";
    }

    private static string Equal(double p) => Numbers.P(p) is var text && text.StartsWith('<') ? text : "= " + text;

    private static string? Group(IReadOnlyList<PairedComparison> comparisons, string standing, Verdict verdict) =>
        comparisons.Where(c => c.Verdict == verdict).Select(c => c.A).ToList() is { Count: > 0 } names
            ? $"{char.ToUpperInvariant(standing[0])}{standing[1..]}: {string.Join(", ", names)}."
            : null;

    private static string Interval(FieldTable table, int variant)
    {
        var summary = table.Summaries[variant];
        return table.IntervalOf(variant) is { } interval ? $"{Numbers.Fixed(summary.Mean, 2)} ({Numbers.Range(interval, 2)})" : Numbers.Fixed(summary.Mean, 2);
    }
}

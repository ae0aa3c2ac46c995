namespace Orchestrator.Statistics.Tables;

/// <summary>Comparisons as texts.</summary>
internal static class ComparisonGrid
{
    public static Grid Of(ComparisonTable table)
    {
        var comparisons = table.Family.Comparisons;
        var decimals = Decimals(table);
        var environments = comparisons.Any(c => c.Environment.Length > 0);
        var convergence = comparisons.Any(c => c.ConvergedAlone != (0, 0));
        List<GridColumn> columns = [];
        if (environments)
        {
            columns.Add(new("where"));
        }

        columns.AddRange([
            new("A"), new("B"), new("n", true), new("A - B", true), new("95 % t", true), new("95 % BCa", true, "BCa"), new("p", true), new("p Holm", true),
            new("P(A better)", true, "P(A)"),
        ]);
        if (convergence)
        {
            columns.AddRange([new("only A, B converged", true, "only A, B"), new("p McNemar", true, "p NC")]);
        }

        columns.Add(new("verdict"));
        return new(columns, [.. comparisons.Select(c => Cells(c, table.Family.Terms, decimals, environments, convergence))], table.Caption);
    }

    public static int Decimals(ComparisonTable table) =>
        table.Metric.Decimals ?? Numbers.DecimalsFor(table.Family.Comparisons.SelectMany(c => new double?[] { c.Difference.StandardDeviation, c.Interval?.HalfWidth }));

    public static string Caption(ComparisonTable table)
    {
        var (terms, comparisons) = (table.Family.Terms, table.Family.Comparisons);
        List<string> sentences =
        [
            $"{char.ToUpperInvariant(table.Metric.Label[0])}{table.Metric.Label[1..]}, A - B{(table.Metric.DifferenceUnit.Length == 0 ? "" : " in " + table.Metric.DifferenceUnit)}: mean over the n common seeds on which both converged, with its 95 % t and BCa bootstrap intervals.",
            $"p: two-sided sign-flip test, Holm-adjusted over {comparisons.Count} {(comparisons.Count == 1 ? "comparison" : "comparisons")}.",
            $"Better: adjusted p <= 0.05, the t interval excludes 0, and no fewer seeds converge (McNemar's test). {(ComparisonWords.Equivalent(terms, "") is { } when ? $"Equivalent: {when}." : "No difference was said not to matter, so nothing is called equivalent.")}",
            "P(A better): over all pairs of runs, ties half; a run that did not converge is worse than any that did.",
        ];

        // Holm multiplies by how many p are not smaller: the smallest of all by their number.
        var most = comparisons.Select(c => c.Difference.N).DefaultIfEmpty(0).Max();
        var least = SignFlip.SmallestP(most);
        if (most > 0 && least * comparisons.Count > ComparisonTerms.Level)
        {
            sentences.Add($"With {most} {(most == 1 ? "seed" : "seeds")} no data could give p below {Numbers.P(least)}, {Numbers.P(Math.Min(1, least * comparisons.Count))} adjusted over so many comparisons: nothing in this family can be \"better\".");
        }

        var fewest = comparisons.Select(c => c.Difference.N).Where(n => n > 0).DefaultIfEmpty(int.MaxValue).Min();
        var smallest = SignFlip.SmallestP(fewest);
        if (least * comparisons.Count <= ComparisonTerms.Level && smallest * comparisons.Count(c => !(c.P < smallest)) > ComparisonTerms.Level)
        {
            sentences.Add($"With {fewest} {(fewest == 1 ? "seed" : "seeds")} no data could give p below {Numbers.P(smallest)}: too few for \"better\" in this family.");
        }

        var alone = comparisons.Sum(c => c.ConvergedAlone.A + c.ConvergedAlone.B);
        sentences.Add(alone == 0
            ? "There was no seed on which one side converged and the other did not."
            : $"Seeds on which a side did not converge have no difference; on {alone} {(alone == 1 ? "seed" : "seeds")} one side alone converged, which McNemar's exact test compares: its p is as it is, and \"converges more often\" is said where it is at most 0.05 adjusted by Holm.");
        return string.Join(' ', sentences);
    }

    private static string[] Cells(PairedComparison c, ComparisonTerms terms, int decimals, bool environments, bool convergence)
    {
        List<string> cells = [];
        if (environments)
        {
            cells.Add(c.Environment);
        }

        cells.AddRange([
            c.A, c.B,
            ComparisonWords.Whole(c.Difference.N),
            Numbers.Signed(c.Difference.Mean, decimals),
            Numbers.Range(c.Interval, decimals),
            Numbers.Range(c.Bootstrap, decimals),
            c.Difference.N == 0 ? Numbers.None : Numbers.P(c.P),
            c.Difference.N == 0 ? Numbers.None : Numbers.P(c.AdjustedP),
            Numbers.Fixed(c.ProbabilityOfImprovement, 2),
        ]);
        if (convergence)
        {
            cells.AddRange([$"{c.ConvergedAlone.A}, {c.ConvergedAlone.B}", Numbers.P(c.ConvergenceP)]);
        }

        cells.Add(ComparisonWords.Of(c, terms));
        return [.. cells];
    }
}

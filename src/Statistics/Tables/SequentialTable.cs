namespace Orchestrator.Statistics.Tables;

/// <summary>Where seeds until decided stand, or how they ended.</summary>
/// <param name="Plan">The comparisons.</param>
/// <param name="Comparisons">What each came to.</param>
/// <param name="Terms">What the tests went by.</param>
/// <param name="Metric">What was compared.</param>
public sealed record SequentialTable(IReadOnlyList<PlannedComparison> Plan, IReadOnlyList<SequentialComparison> Comparisons, SequentialTerms Terms, TableMetric Metric)
{
    /// <summary>What the numbers are.</summary>
    public string Caption
    {
        get
        {
            var text = $"Looked at after every seed, from {Terms.SmallestN} to {Terms.LargestN}. Verdict and interval are the e-value (better from {Numbers.Ratio(Terms.Threshold)} on: "
                + $"20 for each of {Terms.Family} comparisons) and the confidence sequence alone; t and bootstrap intervals of the same runs describe them and do not cover "
                + "what they name, because the runs decided when to stop. NC runs count as seeds.";
            var skewed = Comparisons.Count(c => c.IsSkewed);
            return skewed == 0 ? text + " No comparison's differences are more skewed than normal ones are."
                : text + $" In {skewed} of {Comparisons.Count} the differences are more skewed than normal ones show once in twenty (*): there the 5 % are in doubt.";
        }
    }

    /// <summary>Each comparison in a sentence.</summary>
    public IReadOnlyList<string> Sentences => [.. Plan.Zip(Comparisons).Select(pair =>
        $"{pair.First.NameA} against {pair.First.NameB}{(pair.First.Environment.Length == 0 ? "" : $" ({pair.First.Environment})")}: "
        + $"{Words(pair.First, pair.Second)} after {ComparisonWords.Whole(pair.Second.Seeds)} {(pair.Second.Seeds == 1 ? "seed" : "seeds")}.")];

    /// <summary>
    /// For a terminal: no line is longer than <paramref name="width"/> columns (40 at least).
    /// </summary>
    public string ToText(int width) => TextGrid.Render(ToGrid(), width);

    /// <summary>A Markdown table with its caption below.</summary>
    public string ToMarkdown() => MarkdownGrid.Render(ToGrid());

    /// <summary>A LaTeX table (booktabs) with its caption.</summary>
    public string ToLatex() => LatexGrid.Render(ToGrid());

    /// <summary>Comma-separated values at full precision.</summary>
    public string ToCsv() => string.Concat(Plan.Zip(Comparisons).Select(pair => (string[])[
            pair.First.Environment, pair.First.NameA, pair.First.NameB, Csv.Whole(pair.Second.Seeds), Csv.Whole(pair.Second.Difference.N),
            .. new double?[] { pair.Second.Difference.Mean, pair.Second.Difference.StandardDeviation, pair.Second.E, pair.Second.Interval.Low, pair.Second.Interval.High }.Select(Csv.Number),
            Csv.Whole(pair.Second.ConvergedAlone.A), Csv.Whole(pair.Second.ConvergedAlone.B),
            .. new double?[] { pair.Second.ConvergenceE, pair.Second.Skewness }.Select(Csv.Number),
            pair.Second.IsOpen ? "open" : ComparisonWords.Key(pair.Second.Verdict),
        ])
        .Prepend(["where", "a", "b", "seeds", "n", "difference", "sd", "e", "low95", "high95", "only_a_converged", "only_b_converged", "e_convergence", "skewness", "verdict"])
        .Select(Csv.Line));

    /// <summary>JSON at full precision.</summary>
    public string ToJson() => Json.Write(json =>
    {
        json.WriteString("metric", Metric.Name);
        json.Number("delta", Terms.Delta);
        json.Number("threshold", Terms.Threshold);
        json.WriteString("caption", Caption);
        json.Objects("comparisons", Plan.Zip(Comparisons), pair =>
        {
            var (plan, c) = pair;
            json.WriteString("where", plan.Environment);
            json.WriteString("a", plan.NameA);
            json.WriteString("b", plan.NameB);
            json.WriteNumber("seeds", c.Seeds);
            json.WriteNumber("n", c.Difference.N);
            json.Number("difference", c.Difference.Mean);
            json.Number("sd", c.Difference.StandardDeviation);
            json.Number("e", c.E);
            json.Interval("confidenceSequence95", c.Interval);
            json.WriteNumber("onlyAConverged", c.ConvergedAlone.A);
            json.WriteNumber("onlyBConverged", c.ConvergedAlone.B);
            json.Number("convergenceE", c.ConvergenceE);
            json.Number("skewness", c.Skewness);
            json.WriteBoolean("skewed", c.IsSkewed);
            json.WriteBoolean("open", c.IsOpen);
            json.WriteString("verdict", ComparisonWords.Key(c.Verdict));
            json.WriteString("verdictText", Words(plan, c));
        });
    });

    private string Words(PlannedComparison plan, SequentialComparison c)
    {
        var text = ComparisonWords.Of(c.Verdict, plan.NameA, plan.NameB, Terms.Delta);
        if (c.ConvergenceDecided)
        {
            text += $"; {(c.ConvergedAlone.A > c.ConvergedAlone.B ? plan.NameA : plan.NameB)} converges more often";
        }

        return c.IsOpen ? "open" : text;
    }

    /// <summary>The table as texts, for whoever draws it in another form.</summary>
    public Grid ToGrid()
    {
        var decimals = Metric.Decimals ?? Numbers.DecimalsFor(Comparisons.Select(c => (double?)c.Difference.StandardDeviation));
        var environments = Plan.Any(p => p.Environment.Length > 0);
        List<GridColumn> columns =
        [
            new("A"), new("B"), new("seeds", true), new("n", true), new("A - B", true), new("95 % sequence", true, "95 %"), new("e", true), new("verdict"),
        ];
        if (environments)
        {
            columns.Insert(0, new("where"));
        }

        return new(columns, [.. Plan.Zip(Comparisons).Select(pair => Cells(pair.First, pair.Second, decimals, environments))], Caption);
    }

    private string[] Cells(PlannedComparison plan, SequentialComparison c, int decimals, bool environments)
    {
        List<string> cells =
        [
            plan.NameA, plan.NameB, ComparisonWords.Whole(c.Seeds), ComparisonWords.Whole(c.Difference.N), Numbers.Signed(c.Difference.Mean, decimals),
            double.IsInfinity(c.Interval.HalfWidth) ? "all" : Numbers.Range(c.Interval, decimals), Numbers.Ratio(c.E), Words(plan, c) + (c.IsSkewed ? " *" : ""),
        ];
        if (environments)
        {
            cells.Insert(0, plan.Environment);
        }

        return [.. cells];
    }
}

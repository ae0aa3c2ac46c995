namespace Orchestrator.Statistics.Tables;

/// <summary>Where variance comes from; one content, five forms.</summary>
/// <param name="Anatomy">The components.</param>
/// <param name="Metric">Whose variance it is.</param>
/// <param name="Design">What was run, in a sentence; says what is aliased where not everything was
/// crossed.</param>
public sealed record AnatomyTable(VarianceAnatomy Anatomy, TableMetric Metric, string Design)
{
    private static readonly string[] Columns = ["source", "variance", "low95", "high95", "sd", "share"];

    private const string Rest = "larger interactions and the rest";

    /// <summary>What the numbers are.</summary>
    public string Caption =>
        $"{char.ToUpperInvariant(Metric.Label[0]) + Metric.Label[1..]}: variance between runs, by source; sd in {Metric.DifferenceUnit} is the spread that the source alone would make. "
        + $"Method of moments over {Anatomy.N} runs that converged; 95 % intervals by parametric bootstrap. Share: of the sum of all parts, negative estimates counted as 0. "
        + $"NC: {Anatomy.NoConvergence.Count} of {Anatomy.NoConvergence.Of} runs did not converge and are left out. Mean {Numbers.Fixed(Anatomy.Mean, Numbers.DecimalsFor([Total]))}, "
        + $"total sd {Numbers.Fixed(Total, Numbers.DecimalsFor([Total]) + 1)}. {Design}";

    /// <summary>
    /// For a terminal: no line is longer than <paramref name="width"/> columns (40 at least).
    /// </summary>
    public string ToText(int width) => TextGrid.Render(Grid(), width);

    /// <summary>A Markdown table with its caption below.</summary>
    public string ToMarkdown() => MarkdownGrid.Render(Grid());

    /// <summary>A LaTeX table (booktabs) with its caption.</summary>
    public string ToLatex() => LatexGrid.Render(Grid());

    /// <summary>Comma-separated values at full precision.</summary>
    public string ToCsv() => string.Concat(CsvRows().Prepend(Columns).Select(Csv.Line));

    /// <summary>The same of several cells, with a first column that says which.</summary>
    /// <param name="cells">What each is called, and its table.</param>
    public static string ToCsv(IEnumerable<(string Cell, AnatomyTable Table)> cells) => string.Concat(
        cells.SelectMany(cell => cell.Table.CsvRows().Select(row => (string[])[cell.Cell, .. row])).Prepend(["cell", .. Columns]).Select(Csv.Line));

    /// <summary>JSON at full precision.</summary>
    public string ToJson() => Json.Write(json =>
    {
        json.WriteString("metric", Metric.Name);
        json.WriteString("caption", Caption);
        json.Strings("factors", Anatomy.Factors);
        json.WriteNumber("n", Anatomy.N);
        json.WriteNumber("noConvergence", Anatomy.NoConvergence.Count);
        json.Number("mean", Anatomy.Mean);
        json.Number("totalVariance", Anatomy.TotalVariance);
        json.Objects("components", Anatomy.Components, c =>
        {
            json.Strings("factors", c.Factors);
            json.Number("variance", c.Variance);
            json.Interval("interval95", c.Interval);
            json.Number("sd", c.StandardDeviation);
            json.Number("share", c.Share);
        });
    });

    private IEnumerable<string[]> CsvRows() => Anatomy.Components
        .Select(c => (string[])[Source(c), .. new double?[] { c.Variance, c.Interval.Low, c.Interval.High, c.StandardDeviation, c.Share }.Select(Csv.Number)]);

    private double Total => Math.Sqrt(Math.Max(0, Anatomy.TotalVariance));

    private static string Source(VarianceComponent component) => component.Factors.Count == 0 ? Rest : string.Join(" x ", component.Factors);

    private Grid Grid()
    {
        var decimals = Numbers.DecimalsFor(Anatomy.Components.Select(c => (double?)c.Variance).Where(v => v > Anatomy.TotalVariance / 100));
        return new(
            [new("source"), new("variance", true), new("95 %", true), new("sd", true), new("share", true)],
            [.. Anatomy.Components.Select(c => (string[])[
                Source(c), Numbers.Fixed(c.Variance, decimals), Numbers.Range(c.Interval, decimals), Numbers.Fixed(c.StandardDeviation, decimals), Numbers.Percent(c.Share),
            ])],
            Caption);
    }
}

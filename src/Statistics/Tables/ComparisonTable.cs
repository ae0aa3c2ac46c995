namespace Orchestrator.Statistics.Tables;

/// <summary>The comparisons of a family, with their verdicts; one content, five forms.</summary>
/// <param name="Family">The comparisons.</param>
/// <param name="Metric">What was compared.</param>
public sealed record ComparisonTable(ComparisonFamily Family, TableMetric Metric)
{
    /// <summary>
    /// What the numbers are, which tests were made, and how runs without convergence were counted.
    /// </summary>
    public string Caption => ComparisonGrid.Caption(this);

    /// <summary>The table as texts, for whoever draws it in another form.</summary>
    public Grid ToGrid() => ComparisonGrid.Of(this);

    /// <summary>
    /// For a terminal: no line is longer than <paramref name="width"/> columns (40 at least).
    /// </summary>
    public string ToText(int width) => TextGrid.Render(ToGrid(), width);

    /// <summary>A Markdown table with its caption below.</summary>
    public string ToMarkdown() => MarkdownGrid.Render(ToGrid());

    /// <summary>A LaTeX table (booktabs) with its caption.</summary>
    public string ToLatex() => LatexGrid.Render(ToGrid());

    /// <summary>Comma-separated values at full precision.</summary>
    public string ToCsv() => ComparisonData.Csv(this);

    /// <summary>JSON at full precision.</summary>
    public string ToJson() => ComparisonData.Json(this);
}

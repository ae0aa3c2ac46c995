namespace Orchestrator.Statistics.Tables;

/// <summary>
/// The table of a sweep: n, mean, standard deviation, interval and share of no convergence of every
/// cell; one content, five forms.
/// </summary>
public sealed record CellTable
{
    /// <summary>Names of the axes: paths in the pipeline, or names of lists of variants.</summary>
    public required IReadOnlyList<string> Axes { get; init; }

    /// <summary>The cells, in the order of the axes.</summary>
    public required IReadOnlyList<TableRow> Rows { get; init; }

    /// <summary>What is shown of each run.</summary>
    public required TableMetric Metric { get; init; }

    /// <summary>
    /// Axes, and levels of streams, over which each seed's value is a mean; none where it is of one
    /// run.
    /// </summary>
    public IReadOnlyList<string> AveragedOver { get; init; } = [];

    /// <summary>
    /// Tolerance of the verdicts on published values, in the metric's unit; null where nothing is
    /// published.
    /// </summary>
    public double? Within { get; init; }

    /// <summary>
    /// What the numbers are, what the bars are, and how runs without convergence were counted.
    /// </summary>
    public string Caption => CellTableCaption.Of(this);

    /// <summary>The table as texts, for whoever draws it in another form.</summary>
    public Grid ToGrid() => CellGrid.Of(this);

    /// <summary>
    /// For a terminal: no line is longer than <paramref name="width"/> columns (40 at least).
    /// </summary>
    public string ToText(int width) => TextGrid.Render(ToGrid(), width);

    /// <summary>A Markdown table with its caption below.</summary>
    public string ToMarkdown() => MarkdownGrid.Render(ToGrid());

    /// <summary>A LaTeX table (booktabs) with its caption.</summary>
    public string ToLatex() => LatexGrid.Render(ToGrid());

    /// <summary>
    /// Comma-separated values at full precision, one row per cell, nothing rounded.
    /// </summary>
    public string ToCsv() => CellTableData.Csv(this);

    /// <summary>JSON at full precision.</summary>
    public string ToJson() => CellTableData.Json(this);
}

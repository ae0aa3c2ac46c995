namespace Orchestrator.Statistics.Tables;

/// <summary>
/// A table of texts that somebody else has made, to be printed as all other tables are.
/// </summary>
/// <param name="Columns">Headings, and whether they are above numbers; at least one.</param>
/// <param name="Rows">One text per column each.</param>
/// <param name="Caption">Below the table; empty for none.</param>
public sealed record PlainTable(IReadOnlyList<(string Heading, bool IsNumber)> Columns, IReadOnlyList<string[]> Rows, string Caption = "")
{
    private Grid Grid => new([.. Columns.Select(column => new GridColumn(column.Heading, column.IsNumber))], Rows, Caption);

    /// <summary>For a terminal: no line is longer than the width (40 at least).</summary>
    public string ToText(int width) => TextGrid.Render(Grid, width).TrimEnd();

    /// <summary>For Markdown.</summary>
    public string ToMarkdown() => MarkdownGrid.Render(Grid).TrimEnd();

    /// <summary>For LaTeX, with the package booktabs.</summary>
    public string ToLatex() => LatexGrid.Render(Grid).TrimEnd();

    /// <summary>Comma-separated values, without the caption.</summary>
    public string ToCsv() => string.Concat(Rows.Prepend([.. Columns.Select(column => column.Heading)]).Select(Csv.Line)).TrimEnd('\n');
}

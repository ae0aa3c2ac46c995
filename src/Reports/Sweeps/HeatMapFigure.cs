using System.Globalization;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Reports;

/// <summary>The means of cells over two axes, as a field of colours.</summary>
internal sealed class HeatMapFigure
{
    private const double Top = 40;
    private const double LetterWidth = 7.2;
    private const double Across = 520;
    private const double CellHeight = 26;
    private const double BarHeight = 130;

    // More have no room for their digits.
    private const int MostDigits = 12;
    private const int LongestName = 22;
    private const int LongestAxis = 60;

    private readonly Drawing svg = new(size: 12);
    private readonly CellTable table;
    private readonly (int X, int Y) axes;
    private readonly List<string> columns;
    private readonly List<string> rows;
    private readonly List<TableRow> cells;
    private readonly (double Low, double High) ends;
    private readonly bool isLogarithmic;
    private readonly double left;
    private readonly double width;

    private HeatMapFigure(CellTable table, int x, int y, List<TableRow> cells)
    {
        (this.table, axes, this.cells) = (table, (x, y), cells);
        (columns, rows) = (Values(cells, x), Values(cells, y));
        var (low, high) = Range(cells);
        isLogarithmic = Ticks.IsLogarithmic(low, high);
        ends = (Scaled(low), Scaled(high));
        left = 40 + (Math.Min(LongestName, rows.Max(row => row.Length)) * LetterWidth);
        width = Math.Clamp(Across / columns.Count, 14, 72);
    }

    private double Right => left + (columns.Count * width);

    private double Bottom => Top + (rows.Count * CellHeight);

    /// <summary>Whether a figure of these axes tells more than lines do: three values of each.</summary>
    public static bool Serves(IReadOnlyList<TableRow> cells, int x, int y) =>
        Values(cells, x).Count > 2 && Values(cells, y).Count > 2 && cells.Any(cell => cell.Summary.Mean is not null);

    /// <summary>What it shows, in sentences.</summary>
    /// <param name="table">Of the sweep.</param>
    /// <param name="cells">Those shown.</param>
    /// <param name="group">Which they are, where they are not all.</param>
    public static string Caption(CellTable table, IReadOnlyList<TableRow> cells, string group)
    {
        var (low, high) = Range(cells);
        return $"{SweepFigures.Capital(table.Metric.Heading)}{group}: mean over the seeds that converged. NC: no run of the cell did; "
            + $"a dot: some did not.{(Ticks.IsLogarithmic(low, high) ? " Colours are those of the logarithm." : "")}";
    }

    /// <summary>The whole drawing.</summary>
    /// <param name="table">Of the sweep.</param>
    /// <param name="x">The axis whose values go across.</param>
    /// <param name="y">The one whose values go down.</param>
    /// <param name="cells">One for each pair of values at most.</param>
    /// <param name="caption">What it shows.</param>
    public static Html Draw(CellTable table, int x, int y, List<TableRow> cells, string caption)
    {
        var figure = new HeatMapFigure(table, x, y, cells);
        figure.DrawNames();
        foreach (var cell in cells)
        {
            figure.DrawCell(cell);
        }

        figure.DrawBar();
        return figure.svg.Whole(figure.Right + 30 + Math.Max(80, table.Metric.Heading.Length * LetterWidth), Math.Max(figure.Bottom + 52, Top + BarHeight + 40), $"{table.Metric.Heading} by {table.Axes[x]} and {table.Axes[y]}", caption);
    }

    private void DrawNames()
    {
        // Where names are wider than their columns, some are left out.
        var step = (int)Math.Ceiling(columns.Max(column => Short(column).Length + 1) * LetterWidth / width);
        foreach (var (i, column) in columns.Index().Where(one => one.Index % step == 0))
        {
            svg.Text(left + ((i + 0.5) * width), Bottom + 18, Short(column), "middle");
        }

        foreach (var (i, row) in rows.Index())
        {
            svg.Text(left - 8, Top + ((i + 0.5) * CellHeight) + 4, Short(row), "end");
        }

        svg.Text((left + Right) / 2, Bottom + 38, Drawing.Shortened(table.Axes[axes.X], LongestAxis), "middle");
        svg.Upwards(16, (Top + Bottom) / 2, Drawing.Shortened(table.Axes[axes.Y], Math.Max(LongestName, (int)((Bottom - Top) / LetterWidth))));
    }

    private void DrawCell(TableRow cell)
    {
        var (x, y) = (left + (columns.IndexOf(cell.Values[axes.X]) * width), Top + (rows.IndexOf(cell.Values[axes.Y]) * CellHeight));
        var (summary, nc) = (cell.Summary, cell.Summary.NoConvergence);
        var share = summary.Mean is { } mean ? Share(mean) : double.NaN;
        var where = $"{table.Axes[axes.X]} {cell.Values[axes.X]}, {table.Axes[axes.Y]} {cell.Values[axes.Y]}";
        svg.Cell(
            x, y, width - 1, CellHeight - 1, double.IsNaN(share) ? Drawing.Faint : Colour(share),
            string.Create(CultureInfo.InvariantCulture, $"{where}: {(summary.Mean is { } value ? Say(value) : "no mean")}, NC {nc.Count}/{nc.Of}"));
        var ink = double.IsNaN(share) || share < 0.45 ? Drawing.Ink : "#ffffff";
        if (columns.Count <= MostDigits || summary.Mean is null)
        {
            svg.Text(x + ((width - 1) / 2), y + 17, summary.Mean is { } shown ? Say(shown) : nc.Count > 0 ? "NC" : "", "middle", ink, letters: 11);
        }

        if (summary.Mean is not null && nc.Count > 0)
        {
            svg.Rimmed(x + width - 6, y + 5, 2.5, "#d55e00");
        }
    }

    // What the colours mean.
    private void DrawBar()
    {
        const int Steps = 13;
        for (var i = 0; i < Steps; i++)
        {
            svg.Cell(Right + 20, Top + (i * BarHeight / Steps), 14, (BarHeight / Steps) + 0.3, Colour(1 - (i / (Steps - 1.0))));
        }

        foreach (var share in (double[])[1, 0.5, 0])
        {
            var at = ends.Low + (share * (ends.High - ends.Low));
            svg.Text(Right + 40, Top + 4 + ((1 - share) * BarHeight), Say(isLogarithmic ? Math.Pow(10, at) : at), "start", letters: 11);
        }

        svg.Text(Right + 20, Top - 14, table.Metric.Heading, "start", letters: 11);
    }

    // As on pages: dark is much.
    private static string Colour(double share) => LandscapeScale.Colour(1 - share);

    private double Share(double value) => ends.High > ends.Low ? (Scaled(value) - ends.Low) / (ends.High - ends.Low) : 0.5;

    private double Scaled(double value) => isLogarithmic ? Math.Log10(value) : value;

    private static (double Low, double High) Range(IReadOnlyList<TableRow> cells)
    {
        double[] means = [.. cells.Select(cell => cell.Summary.Mean).OfType<double>()];
        return (means.Min(), means.Max());
    }

    private static List<string> Values(IReadOnlyList<TableRow> cells, int axis) => [.. cells.Select(cell => cell.Values[axis]).Distinct()];

    private static string Short(string name) => Drawing.Shortened(name, LongestName);

    private static string Say(double value) => value.ToString(
        Math.Abs(value) >= 1e5 || (value != 0 && Math.Abs(value) < 1e-3) ? "0.#e0" : Math.Abs(value) < 100 ? "G3" : "0", CultureInfo.InvariantCulture);
}

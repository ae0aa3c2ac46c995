using System.Globalization;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Reports;

/// <summary>
/// Ranks over environments as SVG that stands by itself: of each variant, from the best to the
/// worst, its rank with its interval, and a field of colours with its rank in every environment.
/// The caption is its description.
/// </summary>
internal sealed class FieldFigure
{
    private const double RowHeight = 20;
    private const double Top = 44;
    private const double NamesEnd = 150;
    private const double RanksStart = 164;
    private const double RanksEnd = 424;
    private const double CellsStart = 440;
    private const double CellWidth = 22;
    private const double LetterWidth = 6.1;

    private readonly FieldTable table;
    private readonly Html svg = new();
    private readonly double cellsEnd;
    private readonly double bottom;
    private readonly double width;

    private FieldFigure(FieldTable table)
    {
        this.table = table;
        cellsEnd = CellsStart + (table.Environments.Count * CellWidth);
        bottom = Top + (table.Variants.Count * RowHeight);
        width = cellsEnd + 44 + (table.Environments.Max(environment => environment.Length) * LetterWidth);
    }

    /// <summary>What it shows, in sentences.</summary>
    public static string Caption(FieldTable table) =>
        $"{table.Caption} Left: rank with its interval; the bar at the top is Nemenyi's critical difference. Right: rank in each environment, dark is best; a dot marks cells in which at least half of the runs did not converge.";

    /// <summary>The whole drawing.</summary>
    public static Html Draw(FieldTable table)
    {
        var figure = new FieldFigure(table);
        figure.DrawAxis();
        foreach (var (place, variant) in table.Order.Index())
        {
            figure.DrawRow(place, variant);
        }

        figure.DrawEnvironments();
        var height = Math.Max(figure.bottom + 46, Top + (table.Environments.Count * 15) + 20);
        return new Html().Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Number(figure.width)} {Number(height)}" width="100%" role="img" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#1a1d23"><title>{$"Ranks of {table.Variants.Count} variants in {table.Environments.Count} environments"}</title><desc>{Caption(table)}</desc><rect width="{Number(figure.width)}" height="{Number(height)}" rx="6" fill="#ffffff"/>{figure.svg}</svg>""");
    }

    private double X(double rank) => RanksStart + ((rank - 1) / (table.Variants.Count - 1) * (RanksEnd - RanksStart));

    private void DrawAxis()
    {
        foreach (var tick in Ticks.Of(1, table.Variants.Count).Where(tick => tick >= 1 && tick <= table.Variants.Count).Prepend(1).Distinct())
        {
            svg.Add($"""<line x1="{Number(X(tick))}" y1="{Number(Top)}" x2="{Number(X(tick))}" y2="{Number(bottom)}" stroke="#d5d9e0"/>""");
            Text(X(tick), bottom + 16, Number(tick), "middle");
        }

        Text((RanksStart + RanksEnd) / 2, bottom + 34, "rank, 1 is best", "middle");
        var difference = Math.Min(table.OverEnvironments.CriticalDifference, table.Variants.Count - 1);
        svg.Add($"""<line x1="{Number(X(1))}" y1="26" x2="{Number(X(1 + difference))}" y2="26" stroke="#1a1d23" stroke-width="2"/>""");
        Text(X(1), 18, "critical difference " + table.OverEnvironments.CriticalDifference.ToString("0.0", CultureInfo.InvariantCulture), "start");
    }

    private void DrawRow(int place, int variant)
    {
        var (y, summary) = (Top + ((place + 0.5) * RowHeight), table.Summaries[variant]);
        var colour = variant == table.Reference ? "#d55e00" : "#0072b2";
        var name = table.Variants[variant];
        svg.Add($"""<text x="{Number(NamesEnd)}" y="{Number(y + 4)}" text-anchor="end" font-weight="{(variant == table.Reference ? "bold" : "normal")}">{(name.Length > 24 ? name[..23] + "…" : name)}</text>""");
        if (summary.Interval is { } interval)
        {
            svg.Add($"""<line x1="{Number(X(Math.Max(1, interval.Low)))}" y1="{Number(y)}" x2="{Number(X(Math.Min(table.Variants.Count, interval.High)))}" y2="{Number(y)}" stroke="{colour}" stroke-width="3"/>""");
        }

        svg.Add($"""<circle cx="{Number(X(summary.Mean!.Value))}" cy="{Number(y)}" r="4" fill="{colour}"/>""");
        foreach (var (e, rank) in table.Ranks.InEnvironments[variant].Index())
        {
            var x = CellsStart + (e * CellWidth);
            svg.Add($"""<rect x="{Number(x)}" y="{Number(y - (RowHeight / 2))}" width="{Number(CellWidth - 1)}" height="{Number(RowHeight - 1)}" fill="{LandscapeScale.Colour((rank - 1) / (table.Variants.Count - 1))}"><title>{$"{name}: rank {rank.ToString("0.0", CultureInfo.InvariantCulture)} with {table.Environments[e]}"}</title></rect>""");
            if (table.Ranks.NoConvergence[variant][e].Share >= 0.5)
            {
                svg.Add($"""<circle cx="{Number(x + ((CellWidth - 1) / 2))}" cy="{Number(y)}" r="3" fill="#d55e00"/>""");
            }
        }
    }

    private void DrawEnvironments()
    {
        foreach (var (e, environment) in table.Environments.Index())
        {
            var number = (e + 1).ToString(CultureInfo.InvariantCulture);
            Text(CellsStart + (e * CellWidth) + ((CellWidth - 1) / 2), Top - 6, number, "middle");
            Text(cellsEnd + 14, Top + 10 + (e * 15), $"{number}  {environment}", "start", 11);
        }
    }

    private void Text(double x, double y, string value, string anchor, double size = 12) =>
        svg.Add($"""<text x="{Number(x)}" y="{Number(y)}" text-anchor="{anchor}" font-size="{Number(size)}">{value}</text>""");

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

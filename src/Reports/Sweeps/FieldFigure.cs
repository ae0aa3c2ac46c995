using System.Globalization;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Reports;

/// <summary>
/// Ranks over environments: of each variant, from the best to the
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
    private const double ListHeight = 15;
    private const int MostBeside = 20;
    private const int LongestName = 20;

    private readonly FieldTable table;
    private readonly Drawing svg = new(size: 12);
    private readonly double cellsEnd;
    private readonly double bottom;

    // Names of environments: beside the cells, or, where they are many more than variants, below.
    private readonly bool isBeside;
    private readonly double listWidth;
    private readonly int columns;

    private FieldFigure(FieldTable table)
    {
        this.table = table;
        cellsEnd = CellsStart + (table.Environments.Count * CellWidth);
        bottom = Top + (table.Variants.Count * RowHeight);
        listWidth = 36 + (table.Environments.Max(environment => environment.Length) * LetterWidth);
        isBeside = table.Environments.Count * ListHeight <= Math.Max(MostBeside * ListHeight, bottom);
        columns = isBeside ? 1 : Math.Max(1, (int)(cellsEnd / listWidth));
    }

    /// <summary>What it shows, in sentences.</summary>
    public static string Caption(FieldTable table) =>
        $"{table.Caption} Left: rank with its interval; rings are the ranks over environments, to which the bar at the top, Nemenyi's critical difference, belongs. Right: rank in each environment, dark is best; a dot marks cells in which at least half of the runs did not converge.";

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
        return figure.svg.Whole(figure.Width, figure.Height, $"Ranks of {table.Variants.Count} variants in {table.Environments.Count} environments", Caption(table));
    }

    private int ListRows => (int)Math.Ceiling((double)table.Environments.Count / columns);

    private double Width => isBeside ? cellsEnd + 8 + listWidth : Math.Max(cellsEnd, columns * listWidth) + 14;

    private double Height => isBeside ? Math.Max(bottom + 46, Top + (ListRows * ListHeight) + 20) : bottom + 66 + (ListRows * ListHeight);

    private double X(double rank) => RanksStart + ((rank - 1) / (table.Variants.Count - 1) * (RanksEnd - RanksStart));

    private void DrawAxis()
    {
        foreach (var tick in Ticks.Of(1, table.Variants.Count).Where(tick => tick >= 1 && tick <= table.Variants.Count).Prepend(1).Distinct())
        {
            svg.Line(X(tick), Top, X(tick), bottom, Drawing.Faint);
            svg.Text(X(tick), bottom + 16, Drawing.Number(tick), "middle");
        }

        svg.Text((RanksStart + RanksEnd) / 2, bottom + 34, "rank, 1 is best", "middle");
        var difference = Math.Min(table.OverEnvironments.CriticalDifference, table.Variants.Count - 1);
        svg.Line(X(1), 26, X(1 + difference), 26, Drawing.Ink, 2);
        svg.Text(X(1), 18, "critical difference " + table.OverEnvironments.CriticalDifference.ToString("0.0", CultureInfo.InvariantCulture), "start");
    }

    private void DrawRow(int place, int variant)
    {
        var (y, summary) = (Top + ((place + 0.5) * RowHeight), table.Summaries[variant]);
        var colour = variant == table.Reference ? "#d55e00" : "#0072b2";
        var name = table.Variants[variant];
        svg.Text(NamesEnd, y + 4, Drawing.Shortened(name, LongestName), "end", isBold: variant == table.Reference);
        if (table.IntervalOf(variant) is { } interval)
        {
            svg.Line(X(interval.Low), y, X(interval.High), y, colour, 3);
        }

        svg.Circle(X(summary.Mean!.Value), y, 4, colour);
        svg.Rimmed(X(table.OverEnvironments.MeanRanks[variant]), y, 4.5, "none");
        foreach (var (e, rank) in table.Ranks.InEnvironments[variant].Index())
        {
            var x = CellsStart + (e * CellWidth);
            svg.Cell(
                x, y - (RowHeight / 2), CellWidth - 1, RowHeight - 1, LandscapeScale.Colour((rank - 1) / (table.Variants.Count - 1)),
                $"{name}: rank {rank.ToString("0.0", CultureInfo.InvariantCulture)} with {table.Environments[e]}");
            if (table.Ranks.NoConvergence[variant][e].Share >= 0.5)
            {
                svg.Circle(x + ((CellWidth - 1) / 2), y, 3, "#d55e00");
            }
        }
    }

    private void DrawEnvironments()
    {
        foreach (var (e, environment) in table.Environments.Index())
        {
            var number = (e + 1).ToString(CultureInfo.InvariantCulture);
            svg.Text(CellsStart + (e * CellWidth) + ((CellWidth - 1) / 2), Top - 6, number, "middle");
            var (x, y) = isBeside ? (cellsEnd + 14, Top + 10) : (14 + (e / ListRows * listWidth), bottom + 66);
            svg.Text(x, y + (e % ListRows * ListHeight), $"{number}  {environment}", "start", letters: 11);
        }
    }
}

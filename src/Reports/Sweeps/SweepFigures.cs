using System.Globalization;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Reports;

/// <summary>
/// Figures of a sweep: means with intervals across one axis with a line for each value of another,
/// heat maps of the two where both are long enough, and curves of the metric, of gap and of staleness;
/// one of each for every combination of the other axes' values.
/// </summary>
internal static class SweepFigures
{
    private const int Most = 24;

    public static void Write(FigureFolder folder, string name, SweepView view)
    {
        var table = view.Table;
        folder.Write(name, Of(table, view));
        var axes = Enumerable.Range(0, table.Axes.Count).ToList();
        var (x, y) = Roles(table, axes);
        foreach (var group in y < 0 ? [] : Groups(table, axes.Except([x, y])).Where(group => HeatMapFigure.Serves(group.Rows, x, y)).Take(Most))
        {
            var caption = HeatMapFigure.Caption(table, group.Rows, group.Text);
            folder.Write($"{name}-heat-map{group.Suffix}.svg", HeatMapFigure.Draw(table, x, y, group.Rows, caption), caption);
        }
    }

    public static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static IEnumerable<Plot> Of(CellTable table, SweepView view)
    {
        var axes = Enumerable.Range(0, table.Axes.Count).ToList();
        var (x, by) = Roles(table, axes);
        var means = Groups(table, axes.Except([x, by])).Take(Most).Select(group => Means(table, x, by, group));

        // A sweep of one axis has a curve for each of its values.
        var lines = by < 0 ? x : by;
        var drawn = new[]
        {
            new Drawn("curves", table.Metric.Heading, "", table.Metric.Unit == "%" ? 100 : null, view.Curves),
            new Drawn("gap", "gap", ", root mean square per parameter, over stretches of equally many pushes", null, view.Gap, SkipsZeros: true),
            new Drawn("staleness", "staleness, updates", ", over stretches of equally many pushes", null, view.Staleness),
        };
        var over = Groups(table, axes.Except([lines])).Take(Most).SelectMany(group => drawn.Select(curves => Curves(table, lines, group, curves))).OfType<Plot>();
        return means.Concat(over);
    }

    // Numbers go across, the longest list first; what else varies most is told apart by lines.
    private static (int X, int By) Roles(CellTable table, List<int> axes)
    {
        var ordered = axes.OrderByDescending(axis => IsNumeric(table, axis)).ThenByDescending(axis => Values(table, axis).Count).ToList();
        var lines = ordered.Skip(1).OrderByDescending(axis => Values(table, axis).Count).ToList();
        return (ordered.Count > 0 ? ordered[0] : -1, lines.Count > 0 ? lines[0] : -1);
    }

    private static Plot Means(CellTable table, int x, int by, Group group)
    {
        var columns = x < 0 ? [""] : Values(table, x);
        return new Plot
        {
            Name = "means" + group.Suffix,
            Caption = $"{Capital(table.Metric.Heading)}{group.Text}: mean over the seeds that converged, with the 95 % t interval of the mean{LineOf(table, by)}. NC a/b: a of b runs did not converge; they are in no mean.",
            XName = x < 0 ? "" : table.Axes[x],
            YName = table.Metric.Heading,
            Categories = columns,
            LegendName = by < 0 ? null : table.Axes[by],
            Limit = table.Metric.Unit == "%" ? 100 : null,
            Lines = [.. Lines(table, by, group).Select(line => new PlotLine(
                line.Name, [.. line.Rows.Select(row => Point(row, x < 0 ? 0 : columns.IndexOf(row.Values[x]))).OrderBy(point => point.X)], HasBand: false))],
        };
    }

    private static Plot? Curves(CellTable table, int by, Group group, Drawn drawn)
    {
        var lines = Lines(table, by, group).Select(line => (line.Name, Curve: line.Rows.Count == 1 ? drawn.Curves?.All[table.Rows.Index().First(row => row.Item == line.Rows[0]).Index] : null))
            .Where(line => line.Curve is { IsEmpty: false } curve && !(drawn.SkipsZeros && curve.ToPoints().All(point => point.Y == 0))).ToList();
        return lines.Count == 0 ? null : new Plot
        {
            Name = drawn.Name + group.Suffix,
            Caption = $"{Capital(drawn.Heading)} by epoch{group.Text}{drawn.Of}: mean over the seeds that converged; the band reaches from the smallest to the largest{LineOf(table, by)}."
                + (lines.Exists(line => line.Curve!.IsNc) ? " Dotted: no run converged, and these are they." : ""),
            XName = "epochs",
            LegendName = by < 0 ? null : table.Axes[by],
            YName = drawn.Heading,
            Limit = drawn.Limit,
            Lines = [.. lines.Select(line => new PlotLine(line.Name, [.. line.Curve!.ToPoints().Select(point => drawn.SkipsZeros && point.Y == 0 ? point with { Y = double.NaN } : point)], IsDashed: line.Curve.IsNc))],
        };
    }

    private static string LineOf(CellTable table, int by) => by < 0 ? "" : $"; a line for each value of {table.Axes[by]}";

    private static PlotPoint Point(TableRow row, int x)
    {
        var s = row.Summary;
        var nc = s.NoConvergence;
        return new(x, s.Mean ?? double.NaN, s.Interval?.Low ?? double.NaN, s.Interval?.High ?? double.NaN,
            nc.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"NC {nc.Count}/{nc.Of}"));
    }

    private static IEnumerable<(string Name, List<TableRow> Rows)> Lines(CellTable table, int by, Group group) =>
        group.Rows.GroupBy(row => by < 0 ? table.Metric.Label : row.Values[by]).Select(line => (line.Key, line.ToList()));

    private static IEnumerable<Group> Groups(CellTable table, IEnumerable<int> axes)
    {
        var fixedAxes = axes.Where(axis => axis >= 0).ToList();
        return table.Rows.GroupBy(row => string.Join(", ", fixedAxes.Select(axis => $"{table.Axes[axis]} = {row.Values[axis]}")))
            .Select((group, i) => new Group(group.Key.Length == 0 ? "" : ", " + group.Key, group.Key.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{i + 1}"), [.. group]));
    }

    private static List<string> Values(CellTable table, int axis) => [.. table.Rows.Select(row => row.Values[axis]).Distinct()];

    private static bool IsNumeric(CellTable table, int axis) => Values(table, axis).TrueForAll(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    // Gaps may need a logarithm, and before anybody else has pushed they are 0.
    private sealed record Drawn(string Name, string Heading, string Of, double? Limit, SweepCurves? Curves, bool SkipsZeros = false);

    private sealed record Group(string Text, string Suffix, List<TableRow> Rows);
}

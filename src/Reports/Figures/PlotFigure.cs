using System.Globalization;

namespace Orchestrator.Reports;

/// <summary>Draws a figure of lines or bars.</summary>
internal sealed class PlotFigure
{
    private const double WidthWithLegend = 720;
    private const double WidthAlone = 540;
    private const double Height = 400;
    private const double Top = 24;
    private const double Left = 64;
    private const double Right = 520;
    private const double LegendAt = 540;
    private const double NoteHeight = 13;

    // Okabe and Ito's, as on pages.
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#007a59", "#a64d85", "#a06a00", "#2f7fae", "#5b5bb5", "#444444"];
    private static readonly string[] Dashes = ["none", "7 4", "2 3", "9 3 2 3"];

    private readonly Drawing svg = new();
    private readonly Plot plot;
    private readonly double bottom;
    private readonly (double First, double Last) ends;
    private readonly IReadOnlyList<double> xTicks;
    private readonly IReadOnlyList<double> yTicks;

    private PlotFigure(Plot plot)
    {
        this.plot = plot;
        var notes = plot.Lines.SelectMany(line => line.Points).Where(point => point.Note is not null).GroupBy(point => point.X).Select(at => at.Count()).DefaultIfEmpty(0).Max();
        bottom = Height - 56 - (notes * NoteHeight);
        var points = plot.Lines.SelectMany(line => line.Points).ToList();
        double[] xs = [.. points.Select(point => point.X).Where(double.IsFinite)];
        double[] ys = [.. points.SelectMany(point => new[] { point.Y, point.Low, point.High }).Where(double.IsFinite)];
        var (first, last) = (xs.DefaultIfEmpty(0).Min(), xs.DefaultIfEmpty(1).Max());
        first = first > 0 && first < 0.1 * last ? 0 : first;
        ends = plot.Categories is { } names ? (-0.5, names.Count - 0.5) : (first, last > first ? last : first + 1);
        xTicks = plot.Categories is not null ? [.. Enumerable.Range(0, plot.Categories.Count).Select(i => (double)i)] : [.. Ticks.Of(first, last).Where(tick => tick >= ends.First && tick <= ends.Last)];
        var (low, high) = (ys.DefaultIfEmpty(0).Min(), ys.DefaultIfEmpty(1).Max());
        low = plot.IsBars || (low > 0 && low < 0.5 * high) ? 0 : low;
        yTicks = [.. Ticks.Of(low, plot.Limit is { } limit ? Math.Min(high, limit) : high).Where(tick => tick <= (plot.Limit ?? double.MaxValue))];
    }

    /// <summary>The whole drawing.</summary>
    public static Html Draw(Plot plot)
    {
        var figure = new PlotFigure(plot);
        figure.DrawAxes();
        foreach (var (i, line) in plot.Lines.Index())
        {
            figure.DrawLine(line, i);
        }

        figure.DrawLegend();
        return figure.svg.Whole(plot.Lines.Count > 1 ? WidthWithLegend : WidthAlone, Height, $"{plot.YName} by {plot.XName}", plot.Caption);
    }

    private double X(double x) => Left + ((x - ends.First) / (ends.Last - ends.First) * (Right - Left));

    private double Y(double y) => bottom - ((Math.Clamp(y, yTicks[0], yTicks[^1]) - yTicks[0]) / (yTicks[^1] - yTicks[0]) * (bottom - Top));

    private void DrawAxes()
    {
        foreach (var tick in yTicks)
        {
            svg.Line(Left, Y(tick), Right, Y(tick), Drawing.Faint);
            svg.Text(Left - 8, Y(tick) + 4, Label(tick, yTicks, 1e5), "end");
        }

        foreach (var (i, tick) in xTicks.Index())
        {
            svg.Text(X(tick), bottom + 18, plot.Categories?[i] ?? Label(tick, xTicks, 1e6), "middle");
        }

        svg.Text((Left + Right) / 2, bottom + 38, plot.XName, "middle");
        svg.Upwards(18, (Top + bottom) / 2, plot.YName);
    }

    private void DrawLine(PlotLine line, int i)
    {
        var colour = Colours[i % Colours.Length];
        var shift = plot.Categories is null ? 0 : (i - ((plot.Lines.Count - 1) / 2.0)) * Math.Min(12, (Right - Left) / xTicks.Count / (plot.Lines.Count + 1));
        if (plot.IsBars)
        {
            var width = (X(1) - X(0)) * 0.8;
            foreach (var point in line.Points)
            {
                svg.Cell(X(point.X) - (width / 2), Y(point.Y), width, bottom - Y(point.Y), colour);
            }

            return;
        }

        if (line.HasBand && line.Points.Where(point => double.IsFinite(point.Low + point.High)).ToList() is { Count: > 1 } band)
        {
            var upper = band.Select(point => At(point.X, point.High, 0));
            svg.Marks.Add($"<polygon points='{string.Join(' ', upper.Concat(band.AsEnumerable().Reverse().Select(point => At(point.X, point.Low, 0))))}' fill='{colour}' fill-opacity='0.2'/>\n");
        }

        var dash = line.IsDashed ? "2 4" : plot.Categories is null ? Dashes[0] : Dashes[i % Dashes.Length];
        foreach (var run in Stretches(line.Points))
        {
            svg.Marks.Add($"<polyline fill='none' stroke='{colour}' stroke-width='2' stroke-dasharray='{dash}' points='{string.Join(' ', run.Select(point => At(point.X, point.Y, shift)))}'/>\n");
        }

        foreach (var point in plot.Categories is null ? [] : line.Points.Where(point => double.IsFinite(point.Y)))
        {
            if (double.IsFinite(point.Low + point.High))
            {
                var x = X(point.X) + shift;
                svg.Line(x, Y(point.Low), x, Y(point.High), colour, 2);
                svg.Line(x - 4, Y(point.Low), x + 4, Y(point.Low), colour, 2);
                svg.Line(x - 4, Y(point.High), x + 4, Y(point.High), colour, 2);
            }

            Mark(X(point.X) + shift, Y(point.Y), i, colour);
        }

        foreach (var point in line.Points.Where(point => point.Note is not null))
        {
            // Below the axis' name, one line of notes for each line of the figure that has one
            // here.
            var row = plot.Lines.Take(i).Count(before => before.Points.Any(other => other.X == point.X && other.Note is not null));
            svg.Text(X(point.X), bottom + 54 + (row * NoteHeight), point.Note!, "middle", colour, 11);
        }
    }

    private void DrawLegend()
    {
        foreach (var (i, line) in (plot.Lines.Count > 1 ? plot.Lines : []).Index())
        {
            var (y, colour) = (Top + 10 + (i * 20), Colours[i % Colours.Length]);
            svg.Line(LegendAt, y, LegendAt + 22, y, colour, 2);
            if (plot.Categories is not null)
            {
                Mark(LegendAt + 11, y, i, colour);
            }

            svg.Text(LegendAt + 30, y + 4, line.Name, "start", colour);
        }
    }

    // Told apart without colour.
    private void Mark(double x, double y, int i, string colour)
    {
        switch (i % 4)
        {
            case 0:
                svg.Circle(x, y, 4.5, colour);
                break;
            case 1:
                svg.Marks.Add($"<path d='M{Drawing.Number(x)} {Drawing.Number(y - 5.5)} l5.5 5.5 l-5.5 5.5 l-5.5 -5.5 z' fill='{colour}'/>\n");
                break;
            case 2:
                svg.Cell(x - 4, y - 4, 8, 8, colour);
                break;
            default:
                svg.Marks.Add($"<path d='M{Drawing.Number(x)} {Drawing.Number(y - 5)} l5 9 h-10 z' fill='{colour}'/>\n");
                break;
        }
    }

    private static IEnumerable<List<PlotPoint>> Stretches(IReadOnlyList<PlotPoint> points)
    {
        var run = new List<PlotPoint>();
        foreach (var point in points)
        {
            if (double.IsFinite(point.Y))
            {
                run.Add(point);
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private string At(double x, double y, double shift) => $"{Drawing.Number(X(x) + shift)},{Drawing.Number(Y(y))}";

    // Beside the axis there is less room than below it.
    private static string Label(double tick, IReadOnlyList<double> ticks, double tooLong)
    {
        var step = ticks.Count > 1 ? ticks[1] - ticks[0] : 1;
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9) + (step is 0.25 or 2.5 ? 1 : 0), 0, 8);
        return Math.Abs(tick) >= tooLong || (tick != 0 && Math.Abs(ticks[^1]) < 1e-3)
            ? tick.ToString("0.##e0", CultureInfo.InvariantCulture)
            : tick.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}

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
    private const double LegendHeight = 20;
    private const double LetterWidth = 7.2;

    // Beside the axis there is less room than below it.
    private const double TooLongBeside = 1e5;
    private const double TooLongBelow = 1e6;
    private const int LongestCategory = 16;
    private const int LongestLegend = 20;
    private const int LongestAxis = 60;

    // No two of these numbers have a common factor: the first 120 lines differ. Curves have no
    // dashes, which are of those that did not converge; 40 of them differ.
    private const int Shapes = 5;

    // Marks on a curve.
    private const int MostMarks = 8;

    // Okabe and Ito's, as on pages.
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#007a59", "#a64d85", "#a06a00", "#2f7fae", "#5b5bb5", "#444444"];
    private static readonly string[] Dashes = ["none", "7 4", "2 3"];

    private readonly Drawing svg = new();
    private readonly Plot plot;
    private readonly double bottom;
    private readonly (double First, double Last) ends;
    private readonly IReadOnlyList<double> xTicks;
    private readonly IReadOnlyList<double> yTicks;
    private readonly bool isLogarithmic;

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
        xTicks = plot.Categories is not null ? [.. Enumerable.Range(0, plot.Categories.Count).Select(i => (double)i)] : last > first ? [.. Ticks.Of(first, last).Where(tick => tick >= ends.First && tick <= ends.Last)] : [first];
        var (low, high) = (ys.DefaultIfEmpty(0).Min(), ys.DefaultIfEmpty(1).Max());
        double[] values = [.. points.Select(point => point.Y).Where(double.IsFinite)];
        isLogarithmic = !plot.IsBars && plot.Limit is null && values.Length > 0 && Ticks.IsLogarithmic(values.Min(), values.Max());
        if (isLogarithmic)
        {
            // Intervals of a mean may reach 0 and below, where there is no end to draw them to.
            yTicks = Ticks.Decades(values.Min(), ys.Max());
            return;
        }

        low = plot.IsBars || (low > 0 && low < 0.5 * high) ? 0 : low;
        low = plot.Limit is null ? low : Math.Max(low, 0);
        if (plot.Limit is not { } limit)
        {
            yTicks = Ticks.Of(low, high);
            return;
        }

        // Where all values are the limit itself, or next to it, no two ticks lie below it.
        List<double> below = [.. Ticks.Of(low, Math.Min(high, limit)).Where(tick => tick <= limit)];
        yTicks = below.Count > 1 ? below : Ticks.Of(0, limit);
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
        var height = Math.Max(Height, Top + ((plot.Lines.Count + 2) * LegendHeight));
        return figure.svg.Whole(plot.Lines.Count > 1 ? WidthWithLegend : WidthAlone, height, $"{plot.YName} by {plot.XName}", plot.Caption);
    }

    private double X(double x) => Left + ((x - ends.First) / (ends.Last - ends.First) * (Right - Left));

    private double Y(double y) => bottom - ((Math.Clamp(Scaled(y), yTicks[0], yTicks[^1]) - yTicks[0]) / (yTicks[^1] - yTicks[0]) * (bottom - Top));

    private double Scaled(double y) => isLogarithmic ? y > 0 ? Math.Log10(y) : double.NegativeInfinity : y;

    private bool IsShown(double y) => Scaled(y) >= yTicks[0] && Scaled(y) <= yTicks[^1];

    private void DrawAxes()
    {
        foreach (var tick in yTicks)
        {
            var y = Y(isLogarithmic ? Math.Pow(10, tick) : tick);
            svg.Line(Left, y, Right, y, Drawing.Faint);
            svg.Text(Left - 8, y + 4, isLogarithmic ? Decade((int)tick) : Ticks.Label(tick, yTicks, TooLongBeside), "end");
        }

        // Where names are wider than their places, some are left out.
        var longest = plot.Categories?.Max(name => Drawing.Shortened(name, LongestCategory).Length) ?? 0;
        var step = Math.Max(1, (int)Math.Ceiling((longest + 1) * LetterWidth / ((Right - Left) / xTicks.Count)));
        foreach (var (i, tick) in xTicks.Index().Where(one => plot.Categories is null || one.Index % step == 0))
        {
            svg.Text(X(tick), bottom + 18, plot.Categories is { } names ? Drawing.Shortened(names[i], LongestCategory) : Ticks.Label(tick, xTicks, TooLongBelow), "middle");
        }

        svg.Text((Left + Right) / 2, bottom + 38, Drawing.Shortened(plot.XName, LongestAxis), "middle");
        svg.Upwards(18, (Top + bottom) / 2, plot.YName + (isLogarithmic ? " (logarithmic)" : ""));
    }

    private void DrawLine(PlotLine line, int i)
    {
        var colour = Colours[i % Colours.Length];
        var shift = plot.Categories is null ? 0 : (i - ((plot.Lines.Count - 1) / 2.0)) * Math.Min(12, (Right - Left) / xTicks.Count / (plot.Lines.Count + 1));
        if (plot.IsBars)
        {
            var width = (X(line.Points.Count > 1 ? line.Points[1].X - line.Points[0].X : 1) - X(0)) * 0.8;
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

        var dash = Dash(line, i);
        var step = Math.Max(1, line.Points.Count / MostMarks);
        foreach (var run in Stretches(line.Points))
        {
            if (run.Count > 1)
            {
                svg.Marks.Add($"<polyline fill='none' stroke='{colour}' stroke-width='2' stroke-dasharray='{dash}' points='{string.Join(' ', run.Select(point => At(point.X, point.Y, shift)))}'/>\n");
            }

            // One point makes no line. Of several curves, not all have their marks at the same places.
            foreach (var point in plot.Categories is not null ? [] : run.Where((_, n) => run.Count == 1 || (plot.Lines.Count > 1 && n % step == i % step)))
            {
                Mark(X(point.X), Y(point.Y), i, colour);
            }
        }

        foreach (var point in plot.Categories is null ? [] : line.Points.Where(point => double.IsFinite(point.Y)))
        {
            if (double.IsFinite(point.Low + point.High))
            {
                var x = X(point.X) + shift;
                svg.Line(x, Y(point.Low), x, Y(point.High), colour, 2);

                // One that goes on beyond the figure has no end in it.
                foreach (var end in new[] { point.Low, point.High }.Where(IsShown))
                {
                    svg.Line(x - 4, Y(end), x + 4, Y(end), colour, 2);
                }
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
        if (plot.Lines.Count > 1 && plot.LegendName is { } name)
        {
            svg.Text(LegendAt, Top + 14, Drawing.Shortened(name, LongestLegend + 4), "start");
        }

        foreach (var (i, line) in (plot.Lines.Count > 1 ? plot.Lines : []).Index())
        {
            var (y, colour) = (Top + 10 + ((i + (plot.LegendName is null ? 0 : 1)) * LegendHeight), Colours[i % Colours.Length]);
            svg.Marks.Add($"<path fill='none' stroke='{colour}' stroke-width='2' stroke-dasharray='{Dash(line, i)}' d='M{Drawing.Number(LegendAt)} {Drawing.Number(y)} h22'/>\n");
            Mark(LegendAt + 11, y, i, colour);
            svg.Text(LegendAt + 30, y + 4, Drawing.Shortened(line.Name, LongestLegend), "start", colour);
        }
    }

    private string Dash(PlotLine line, int i) => line.IsDashed ? "2 4" : plot.Categories is null ? Dashes[0] : Dashes[i % Dashes.Length];

    // Told apart without colour.
    private void Mark(double x, double y, int i, string colour)
    {
        switch (i % Shapes)
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
            case 3:
                svg.Marks.Add($"<path d='M{Drawing.Number(x)} {Drawing.Number(y - 5)} l5 9 h-10 z' fill='{colour}'/>\n");
                break;
            default:
                svg.Marks.Add($"<path d='M{Drawing.Number(x)} {Drawing.Number(y + 5)} l5 -9 h-10 z' fill='{colour}'/>\n");
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

    private static string Decade(int exponent) => exponent is >= -3 and <= 2
        ? Math.Pow(10, exponent).ToString(exponent < 0 ? "0.###" : "N0", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"1e{exponent}");
}

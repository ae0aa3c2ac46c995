using System.Globalization;
using System.Net;
using System.Text;
using Orchestrator.Composition;

namespace Orchestrator.Reports;

/// <summary>
/// Draws a figure as SVG that stands by itself: no style sheet, no script, fonts that every system
/// has, so that browsers, LaTeX and converters to PDF show the same. Its caption is its
/// description.
/// </summary>
internal sealed class Svg
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
    private static readonly string[] Dashes = ["", "7 4", "2 3", "9 3 2 3"];

    private readonly StringBuilder text = new();
    private readonly Plot plot;
    private readonly double bottom;
    private readonly (double First, double Last) ends;
    private readonly IReadOnlyList<double> xTicks;
    private readonly IReadOnlyList<double> yTicks;

    private Svg(Plot plot)
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

    /// <summary>The whole file.</summary>
    public static string Draw(Plot plot)
    {
        var svg = new Svg(plot);
        svg.DrawAxes();
        foreach (var (i, line) in plot.Lines.Index())
        {
            svg.DrawLine(line, i);
        }

        svg.DrawLegend();
        var width = plot.Lines.Count > 1 ? WidthWithLegend : WidthAlone;
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Number(width)} {Number(Height)}" font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#1a1d23">
            <title>{Escape($"{plot.YName} by {plot.XName}")}</title>
            <desc>{Escape(plot.Caption)}</desc>
            <rect width="{Number(width)}" height="{Number(Height)}" rx="6" fill="#ffffff"/>
            {svg.text}</svg>

            """.ReplaceLineEndings("\n");
    }

    private double X(double x) => Left + ((x - ends.First) / (ends.Last - ends.First) * (Right - Left));

    private double Y(double y) => bottom - ((Math.Clamp(y, yTicks[0], yTicks[^1]) - yTicks[0]) / (yTicks[^1] - yTicks[0]) * (bottom - Top));

    private void DrawAxes()
    {
        foreach (var tick in yTicks)
        {
            Line(Left, Y(tick), Right, Y(tick), "#d5d9e0", 1);
            Text(Left - 8, Y(tick) + 4, Label(tick, yTicks), "end");
        }

        foreach (var (i, tick) in xTicks.Index())
        {
            Text(X(tick), bottom + 18, plot.Categories?[i] ?? Label(tick, xTicks), "middle");
        }

        Text((Left + Right) / 2, bottom + 38, plot.XName, "middle");
        text.Append(CultureInfo.InvariantCulture, $"""<text transform="translate(18 {Number((Top + bottom) / 2)}) rotate(-90)" text-anchor="middle">{Escape(plot.YName)}</text>""").Append('\n');
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
                text.Append($"""<rect x="{Number(X(point.X) - (width / 2))}" y="{Number(Y(point.Y))}" width="{Number(width)}" height="{Number(bottom - Y(point.Y))}" fill="{colour}"/>""").Append('\n');
            }

            return;
        }

        if (line.HasBand && line.Points.Where(point => double.IsFinite(point.Low + point.High)).ToList() is { Count: > 1 } band)
        {
            var upper = band.Select(point => At(point.X, point.High, 0));
            text.Append($"""<polygon points="{string.Join(' ', upper.Concat(band.AsEnumerable().Reverse().Select(point => At(point.X, point.Low, 0))))}" fill="{colour}" fill-opacity="0.2"/>""").Append('\n');
        }

        var dash = line.IsDashed ? "2 4" : plot.Categories is null ? "" : Dashes[i % Dashes.Length];
        foreach (var run in Stretches(line.Points))
        {
            text.Append($"""<polyline fill="none" stroke="{colour}" stroke-width="2" {(dash.Length > 0 ? $"stroke-dasharray=\"{dash}\" " : "")}points="{string.Join(' ', run.Select(point => At(point.X, point.Y, shift)))}"/>""").Append('\n');
        }

        foreach (var point in plot.Categories is null ? [] : line.Points.Where(point => double.IsFinite(point.Y)))
        {
            if (double.IsFinite(point.Low + point.High))
            {
                var x = X(point.X) + shift;
                Line(x, Y(point.Low), x, Y(point.High), colour, 2);
                Line(x - 4, Y(point.Low), x + 4, Y(point.Low), colour, 2);
                Line(x - 4, Y(point.High), x + 4, Y(point.High), colour, 2);
            }

            Mark(X(point.X) + shift, Y(point.Y), i, colour);
        }

        foreach (var point in line.Points.Where(point => point.Note is not null))
        {
            // Below the axis' name, one line of notes for each line of the figure that has one
            // here.
            var row = plot.Lines.Take(i).Count(before => before.Points.Any(other => other.X == point.X && other.Note is not null));
            Text(X(point.X), bottom + 54 + (row * NoteHeight), point.Note!, "middle", colour, 11);
        }
    }

    private void DrawLegend()
    {
        foreach (var (i, line) in (plot.Lines.Count > 1 ? plot.Lines : []).Index())
        {
            var (y, colour) = (Top + 10 + (i * 20), Colours[i % Colours.Length]);
            Line(LegendAt, y, LegendAt + 22, y, colour, 2);
            if (plot.Categories is not null)
            {
                Mark(LegendAt + 11, y, i, colour);
            }

            Text(LegendAt + 30, y + 4, line.Name, "start", colour);
        }
    }

    // Told apart without colour.
    private void Mark(double x, double y, int i, string colour) => text.Append((i % 4) switch
    {
        0 => $"""<circle cx="{Number(x)}" cy="{Number(y)}" r="4.5" fill="{colour}"/>""",
        1 => $"""<path d="M{Number(x)} {Number(y - 5.5)} l5.5 5.5 l-5.5 5.5 l-5.5 -5.5 z" fill="{colour}"/>""",
        2 => $"""<rect x="{Number(x - 4)}" y="{Number(y - 4)}" width="8" height="8" fill="{colour}"/>""",
        _ => $"""<path d="M{Number(x)} {Number(y - 5)} l5 9 h-10 z" fill="{colour}"/>""",
    }).Append('\n');

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

    private void Line(double x1, double y1, double x2, double y2, string colour, double width) =>
        text.Append($"""<line x1="{Number(x1)}" y1="{Number(y1)}" x2="{Number(x2)}" y2="{Number(y2)}" stroke="{colour}" stroke-width="{Number(width)}"/>""").Append('\n');

    private void Text(double x, double y, string value, string anchor, string colour = "#1a1d23", double size = 13) =>
        text.Append($"""<text x="{Number(x)}" y="{Number(y)}" text-anchor="{anchor}" fill="{colour}" font-size="{Number(size)}">{Escape(value)}</text>""").Append('\n');

    private string At(double x, double y, double shift) => $"{Number(X(x) + shift)},{Number(Y(y))}";

    private static string Label(double tick, IReadOnlyList<double> ticks)
    {
        var step = ticks.Count > 1 ? ticks[1] - ticks[0] : 1;
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9) + (step is 0.25 or 2.5 ? 1 : 0), 0, 8);
        return Math.Abs(tick) >= 1e6 || (tick != 0 && Math.Abs(ticks[^1]) < 1e-3)
            ? tick.ToString("0.##e0", CultureInfo.InvariantCulture)
            : tick.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Escape(string value) => WebUtility.HtmlEncode(Printable.Line(value));
}

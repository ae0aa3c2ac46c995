using System.Globalization;
using Orchestrator.Composition;

namespace Orchestrator.Reports;

/// <summary>
/// A drawing as SVG that stands by itself: no style sheet, no script, fonts that every system has,
/// so that browsers, LaTeX and converters to PDF show the same. Lengths are px of the drawing, from
/// its upper left corner.
/// </summary>
/// <param name="size">Of its letters, where nothing else is said.</param>
internal sealed class Drawing(double size = 13)
{
    /// <summary>Colour of text.</summary>
    public const string Ink = "#1a1d23";

    /// <summary>Colour of lines that help to read.</summary>
    public const string Faint = "#d5d9e0";

    private readonly Html marks = new();

    /// <summary>Takes any other mark; what is put into its markup is escaped.</summary>
    public Html Marks => marks;

    /// <summary>A length as attributes have it, to a tenth.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A name of anybody's, in one line of so many letters at most.</summary>
    public static string Shortened(string name, int longest)
    {
        var line = Printable.Line(name);
        return line.Length <= longest ? line : line[..(longest / 2)] + "…" + line[^((longest - 1) / 2)..];
    }

    public void Line(double x1, double y1, double x2, double y2, string colour, double width = 1) =>
        marks.Add($"<line x1='{Number(x1)}' y1='{Number(y1)}' x2='{Number(x2)}' y2='{Number(y2)}' stroke='{colour}' stroke-width='{Number(width)}'/>\n");

    /// <summary>One line of text.</summary>
    /// <param name="x">Where its anchor is.</param>
    /// <param name="y">Of its baseline.</param>
    /// <param name="value">Anybody's: it is escaped.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    /// <param name="colour">Of the letters.</param>
    /// <param name="letters">Their size; null for the drawing's.</param>
    /// <param name="isBold">Whether it stands out.</param>
    public void Text(double x, double y, string value, string anchor, string colour = Ink, double? letters = null, bool isBold = false) => marks.Add(
        $"<text x='{Number(x)}' y='{Number(y)}' text-anchor='{anchor}' fill='{colour}' font-size='{Number(letters ?? size)}' font-weight='{(isBold ? "bold" : "normal")}'>{value}</text>\n");

    /// <summary>Text that runs upwards, with its middle at a place.</summary>
    public void Upwards(double x, double y, string value) =>
        marks.Add($"<text transform='translate({Number(x)} {Number(y)}) rotate(-90)' text-anchor='middle'>{value}</text>\n");

    /// <summary>A filled rectangle.</summary>
    /// <param name="x">Its left side.</param>
    /// <param name="y">Its upper side.</param>
    /// <param name="width">To the right.</param>
    /// <param name="height">Downwards.</param>
    /// <param name="colour">All over.</param>
    /// <param name="tip">What a browser says of it; null says nothing.</param>
    public void Cell(double x, double y, double width, double height, string colour, string? tip = null)
    {
        marks.Add($"<rect x='{Number(x)}' y='{Number(y)}' width='{Number(width)}' height='{Number(height)}' fill='{colour}'");
        _ = tip is null ? marks.Add($"/>\n") : marks.Add($"><title>{tip}</title></rect>\n");
    }

    public void Circle(double x, double y, double radius, string colour) => marks.Add($"<circle cx='{Number(x)}' cy='{Number(y)}' r='{Number(radius)}' fill='{colour}'/>\n");

    /// <summary>A circle with a dark rim, which shows on any ground.</summary>
    public void Rimmed(double x, double y, double radius, string colour) =>
        marks.Add($"<circle cx='{Number(x)}' cy='{Number(y)}' r='{Number(radius)}' fill='{colour}' stroke='{Ink}'/>\n");

    /// <summary>The whole drawing.</summary>
    /// <param name="width">Of the drawing.</param>
    /// <param name="height">Of the drawing.</param>
    /// <param name="title">What it is, in a few words.</param>
    /// <param name="caption">What it shows: its description.</param>
    public Html Whole(double width, double height, string title, string caption)
    {
        var (w, h) = (Number(width), Number(height));
        return new Html().Add(
            $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {w} {h}' role='img' font-family='Helvetica, Arial, sans-serif' font-size='{Number(size)}' fill='{Ink}'>\n")
            .Add($"<title>{title}</title>\n<desc>{caption}</desc>\n<rect width='{w}' height='{h}' rx='6' fill='#ffffff'/>\n{marks}</svg>\n");
    }
}

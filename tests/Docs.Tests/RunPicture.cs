using System.Globalization;
using System.Text;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// Test accuracy by epoch beside the staleness of pushes, as SVG that reads on light and dark
/// pages.
/// </summary>
internal sealed class RunPicture
{
    private const double Top = 52;
    private const double Bottom = 262;
    private static readonly (double Left, double Right) Curves = (52, 420);
    private static readonly (double Left, double Right) Bars = (610, 860);

    private readonly StringBuilder svg = new();

    public static string Draw(IReadOnlyList<PicturedRun> runs)
    {
        var picture = new RunPicture();
        picture.Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 316" font-family="system-ui, sans-serif" font-size="13" fill="#24292f">""");
        picture.Add($"<title>{Summary(runs)}</title>");
        picture.Add($"<desc>Digests: {string.Join("; ", runs.Select(run => $"{run.Title} {run.Digest}"))}.</desc>");
        picture.Add("""<rect width="880" height="316" rx="8" fill="#ffffff" stroke="#d0d7de"/>""");
        picture.DrawCurves(runs);
        picture.DrawStaleness([runs[1], runs[2]]);
        picture.Add("</svg>");
        return picture.svg.ToString();
    }

    private static string Summary(IReadOnlyList<PicturedRun> runs) =>
        "Test accuracy after the last epoch: " + string.Join(", ", runs.Select(run => $"{run.Title} {Number(run.Accuracy[^1].Percent)} %"));

    private void DrawCurves(IReadOnlyList<PicturedRun> runs)
    {
        var epochs = Math.Round(runs.Max(run => run.Accuracy[^1].Epoch));
        double X(double epoch) => Curves.Left + (Math.Min(epoch, epochs) / epochs * (Curves.Right - Curves.Left));
        static double Y(double percent) => Bottom - (percent / 100 * (Bottom - Top));
        Heading(Curves.Left, "Test accuracy, %");
        foreach (var percent in new[] { 0, 25, 50, 75, 100 })
        {
            Grid(Curves, Y(percent), $"{percent}");
        }

        foreach (var epoch in Enumerable.Range(0, (int)epochs + 1).Where(e => e % 2 == 0))
        {
            Text(X(epoch), Bottom + 20, $"{epoch}", "middle");
        }

        Text((Curves.Left + Curves.Right) / 2, Bottom + 40, "epoch", "middle");
        foreach (var run in runs)
        {
            Add($"""<polyline fill="none" stroke="{run.Colour}" stroke-width="2.5" """
                + $"""points="{string.Join(' ', run.Accuracy.Select(a => $"{Number(X(a.Epoch))},{Number(Y(a.Percent))}"))}"/>""");
        }

        // Names stand where the lines end, one below the other where lines end together.
        var free = double.NegativeInfinity;
        foreach (var run in runs.OrderByDescending(run => run.Accuracy[^1].Percent))
        {
            free = Math.Max(free, Y(run.Accuracy[^1].Percent) + 4);
            Text(Curves.Right + 10, free, run.Title, "start", run.Colour);
            free += 17;
        }
    }

    private void DrawStaleness(IReadOnlyList<PicturedRun> runs)
    {
        var (largest, width) = (runs.Max(run => run.Staleness.Count - 1), 0.0);
        width = (Bars.Right - Bars.Left) / (largest + 1);
        var share = runs.Max(run => (double)run.Staleness.Max() / run.Staleness.Sum());
        Heading(Bars.Left, "Staleness of pushes, %");
        foreach (var percent in new[] { 0, 20, 40, 60 }.Where(p => p <= share * 100))
        {
            Grid(Bars, Bottom - (percent / 100.0 / share * (Bottom - Top)), $"{percent}");
        }

        foreach (var staleness in Enumerable.Range(0, largest + 1).Where(s => s % 5 == 0))
        {
            Text(Bars.Left + ((staleness + 0.5) * width), Bottom + 20, $"{staleness}", "middle");
        }

        Text((Bars.Left + Bars.Right) / 2, Bottom + 40, "updates between pull and arrival", "middle");
        foreach (var run in runs)
        {
            for (var staleness = 0; staleness < run.Staleness.Count; staleness++)
            {
                var height = (double)run.Staleness[staleness] / run.Staleness.Sum() / share * (Bottom - Top);
                if (height >= 0.1)
                {
                    var x = Bars.Left + (staleness * width) + 1;
                    Add($"""<rect x="{Number(x)}" y="{Number(Bottom - height)}" width="{Number(width - 2)}" height="{Number(height)}" fill="{run.Colour}" """
                        + $"""fill-opacity="0.75"/>""");
                }
            }

            var mode = run.Staleness.ToList().IndexOf(run.Staleness.Max());
            var top = Bottom - ((double)run.Staleness[mode] / run.Staleness.Sum() / share * (Bottom - Top));
            Text(Bars.Left + ((mode + 2) * width), top + 14, run.Title, "start", run.Colour);
        }
    }

    private void Heading(double x, string text) => Add($"""<text x="{Number(x)}" y="30" font-weight="600">{text}</text>""");

    private void Grid((double Left, double Right) panel, double y, string label)
    {
        Add($"""<line x1="{Number(panel.Left)}" x2="{Number(panel.Right)}" y1="{Number(y)}" y2="{Number(y)}" stroke="#d0d7de"/>""");
        Text(panel.Left - 8, y + 4, label, "end");
    }

    private void Text(double x, double y, string text, string anchor, string colour = "#57606a") =>
        Add($"""<text x="{Number(x)}" y="{Number(y)}" text-anchor="{anchor}" fill="{colour}">{text}</text>""");

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private void Add(string element) => svg.Append(element).Append('\n');
}

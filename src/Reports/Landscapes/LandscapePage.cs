using System.Globalization;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>The text of a landscape's page.</summary>
internal static class LandscapePage
{
    // Okabe and Ito's, light enough for the dark parts of the scale, on a dark rim.
    private static readonly string[] Colours = ["#ff7f0e", "#56b4e9", "#e377c2", "#2fc29b", "#f0e442", "#ffffff"];

    /// <summary>Of a run's way.</summary>
    public static string ColourOf(int way) => Colours[way % Colours.Length];

    /// <summary>
    /// What tells a run's way from others of its colour; empty where no two have the same.
    /// </summary>
    public static string NumberOf(Landscape landscape, int way) => landscape.Trajectories.Count > Colours.Length ? Text($"{way + 1}") : "";

    public static string Title(Landscape landscape) => $"Loss landscape {landscape.Id}";

    /// <summary>What the two directions are called.</summary>
    public static (string First, string Second) AxisNames(Landscape landscape) => landscape.Explained is { } shares
        ? (Text($"first principal component ({100 * shares.First:F1} % of the variance)"), Text($"second principal component ({100 * shares.Second:F1} %)"))
        : ("first random direction", "second random direction");

    /// <summary>What is shown and how it came about.</summary>
    public static string Caption(Landscape landscape)
    {
        var plane = landscape.Explained is { } shares
            ? Text($"The plane in which {landscape.Trajectories.Sum(way => way.Points.Count)} snapshots of parameters vary most: its directions hold {100 * shares.First:F1} and {100 * shares.Second:F1} % of their variance. Ways are projections: the snapshots lie beside the plane.")
            : Text($"Two random directions, each filter as long as the trained one (seed {landscape.Terms.Seed}), around the last parameters.");
        var norm = landscape.RecalibrationBatches > 0 ? Text($" Batch-norm's statistics were taken anew at each place, on {landscape.RecalibrationBatches} training batches.") : "";
        return Text($"{plane} Mean loss over {landscape.TestSamples:N0} test samples at {landscape.X.Length} x {landscape.Y.Length} places; heights and colours are its logarithm.{norm}");
    }

    public static Html Body(Landscape landscape)
    {
        var page = new Html().Add($"<header><h1>{Title(landscape)}</h1>{Legend(landscape)}</header><main><section>");
        var finite = landscape.Loss.Where(double.IsFinite).DefaultIfEmpty(double.NaN).ToList();
        page.Add($"""{Charts.Tiles(
        [
            landscape.Explained is { } shares
                ? ("explained", "Variance in the plane", Text($"{100 * (shares.First + shares.Second):F1} %"), "of the snapshots")
                : ("explained", "Directions", "random", Text($"seed {landscape.Terms.Seed}")),
            ("least", "Least loss", Text($"{finite.Min():G4}"), "on the grid"),
            ("largest", "Largest loss", Text($"{finite.Max():G4}"), Text($"{landscape.Loss.Length - landscape.Loss.Count(double.IsFinite)} places are not finite")),
        ])}""");
        page.Add($"""</section><section><h2>Surface</h2><figure class="wide"><h3 id="surfaceTitle">Test loss over the plane</h3>""");
        page.Add($"""<div class="chart tall" id="surface" tabindex="0" role="application" aria-labelledby="surfaceTitle" aria-describedby="surfaceCaption"><canvas id="canvas"></canvas></div>""");
        page.Add($"""<figcaption id="surfaceCaption">Drag to turn it, or use the arrow keys. {Caption(landscape)}</figcaption></figure></section>""");
        page.Add($"""<section><h2>From above</h2><figure class="wide"><div class="scroll" id="contour" tabindex="0" role="group" aria-label="Lines of equal test loss"></div></figure></section>""");
        page.Add($"""<section><h2>Ways</h2>{Ways(landscape)}</section></main><footer><p>Made by Orchestrator from run folders alone. This page makes no request.</p></footer>""");
        return page;
    }

    // What tells each run from the others, first; which run it is, behind it.
    private static Html Legend(Landscape landscape)
    {
        var list = new Html().Add($"""<ul class="legend">""");
        foreach (var (i, way) in landscape.Trajectories.Index())
        {
            list.Add($"""<li><svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="6" fill="{ColourOf(i)}" stroke="#1a1d23"/><text x="7" y="10" text-anchor="middle" font-size="8" fill="#1a1d23">{NumberOf(landscape, i)}</text></svg> {way.Label}""");
            list.Add($"""{(way.Settings.Count > 0 ? new Html().Add($" <span class=\"id\">{way.Run}</span>") : new Html())}</li>""");
        }

        return list.Add($"</ul>");
    }

    private static Html Ways(Landscape landscape)
    {
        var isOneOfMany = landscape.Trajectories.Any(way => way.Settings.Count > 0);
        var table = new Html().Add($"""<div class="scroll" tabindex="0" role="group" aria-label="Snapshots"><table><thead><tr>{(isOneOfMany ? new Html().Add($"<th scope=\"col\">settings</th>") : new Html())}<th scope="col">run</th><th scope="col" class="number">updates</th><th scope="col" class="number">x</th><th scope="col" class="number">y</th><th scope="col" class="number">test loss</th></tr></thead><tbody>""");
        foreach (var way in landscape.Trajectories)
        {
            foreach (var point in way.Points)
            {
                table.Add($"""<tr>{(isOneOfMany ? new Html().Add($"<td>{way.Label}</td>") : new Html())}<td>{way.Run}</td><td class="number">{point.Version}</td><td class="number">{Text($"{point.X:F3}")}</td><td class="number">{Text($"{point.Y:F3}")}</td><td class="number">{Text($"{point.Loss:G5}")}</td></tr>""");
            }
        }

        return table.Add($"</tbody></table></div>");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

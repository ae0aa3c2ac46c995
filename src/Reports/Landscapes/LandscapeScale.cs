using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>Heights of a landscape as they are drawn: logarithms of the loss, and their colours.</summary>
internal sealed class LandscapeScale
{
    // Cividis, as on other pages: lightness alone tells low from high.
    private static readonly (double R, double G, double B)[] Colours = [(0, 34, 78), (74, 90, 128), (141, 139, 121), (213, 197, 107), (253, 240, 181)];

    public LandscapeScale(Landscape landscape)
    {
        double[] finite = [.. landscape.Loss.Where(loss => double.IsFinite(loss) && loss > 0).Select(Math.Log10)];
        (Low, High) = (finite.DefaultIfEmpty(0).Min(), finite.DefaultIfEmpty(1).Max());
        High = High > Low ? High : Low + 1;
        Heights = [.. landscape.Loss.Select(Height)];
    }

    /// <summary>Smallest log10 of the loss.</summary>
    public double Low { get; }

    /// <summary>Largest log10 of the loss.</summary>
    public double High { get; }

    /// <summary>Of each place, 0 to 1; a loss that is not finite is as high as the highest,
    /// one of 0 as low as the lowest.</summary>
    public double[] Heights { get; }

    public double Height(double loss) => !double.IsFinite(loss) ? 1 : loss > 0 ? Math.Clamp((Math.Log10(loss) - Low) / (High - Low), 0, 1) : 0;

    public static string Colour(double height)
    {
        var at = Math.Clamp(height, 0, 1) * (Colours.Length - 1);
        var (below, share) = (Math.Min(Colours.Length - 2, (int)at), at - Math.Min(Colours.Length - 2, (int)at));
        var (from, to) = (Colours[below], Colours[below + 1]);
        return FormattableString.Invariant($"#{Mix(from.R, to.R):x2}{Mix(from.G, to.G):x2}{Mix(from.B, to.B):x2}");

        int Mix(double one, double other) => (int)Math.Round(one + (share * (other - one)));
    }
}

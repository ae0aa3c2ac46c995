using MathNet.Numerics;

namespace Orchestrator.Analyzers;

/// <summary>A gamma distribution fitted to staleness by moments.</summary>
/// <param name="Shape">mean² / variance; NaN where all values are equal.</param>
/// <param name="Scale">variance / mean, updates.</param>
/// <param name="Distance">Largest distance of its distribution function, halfway to the next whole
/// number, from the recorded one: 0 .. 1.</param>
internal sealed record GammaFit(double Shape, double Scale, double Distance)
{
    public string Sentence => double.IsNaN(Shape)
        ? "all are equal"
        : Records.Text($"a gamma distribution of shape {Shape:G3} and scale {Scale:G3} is within {Distance:F3} of it");

    public static GammaFit Of(in Moments all, long[] counts)
    {
        if (all.Variance <= 0 || all.Mean <= 0)
        {
            return new(double.NaN, double.NaN, double.NaN);
        }

        var (shape, scale) = (all.Mean * all.Mean / all.Variance, all.Variance / all.Mean);
        var (distance, below) = (0.0, 0L);
        for (var value = 0; value < counts.Length && below < all.Count; value++)
        {
            below += counts[value];
            distance = Math.Max(distance, Math.Abs(SpecialFunctions.GammaLowerRegularized(shape, (value + 0.5) / scale) - ((double)below / all.Count)));
        }

        return new(shape, scale, distance);
    }
}

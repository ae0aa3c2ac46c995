using System.Globalization;

namespace Orchestrator.Reports;

/// <summary>Round numbers along an axis.</summary>
internal static class Ticks
{
    private const int About = 5;
    private const int MostDecades = 7;

    // From here on a line, or a scale of colours, would show the largest values alone; as in sweep.js.
    private const double LogarithmicFrom = 100;

    /// <summary>Whether values are shown by their logarithms.</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">The largest.</param>
    public static bool IsLogarithmic(double low, double high) => low > 0 && high / low >= LogarithmicFrom;

    /// <summary>Exponents of ten from at or below the lowest to at or above the highest value.</summary>
    /// <param name="low">Above 0.</param>
    /// <param name="high">At least low.</param>
    public static IReadOnlyList<double> Decades(double low, double high)
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high)));
        var step = (int)Math.Ceiling((last - first) / (double)MostDecades);
        return [.. Enumerable.Range(0, (int)Math.Ceiling((last - first) / (double)step) + 1).Select(i => (double)(first + (i * step)))];
    }

    /// <summary>
    /// Round numbers from at or below the lowest to at or above the highest value.
    /// </summary>
    /// <param name="low">Finite.</param>
    /// <param name="high">At least low.</param>
    public static IReadOnlyList<double> Of(double low, double high)
    {
        var span = high > low ? high - low : Math.Max(1, Math.Abs(high));
        var power = Math.Pow(10, Math.Floor(Math.Log10(span / About)));
        var step = new[] { 1.0, 2.0, 2.5, 5.0, 10.0 }.First(factor => factor * power * About >= span * 0.99) * power;
        var first = (long)Math.Floor((low / step) + 1e-9);
        var last = (long)Math.Ceiling((high / step) - 1e-9);
        return [.. Enumerable.Range(0, (int)(Math.Max(first + 1, last) - first) + 1).Select(i => (first + i) * step)];
    }

    /// <summary>A tick's number, with the decimals that its neighbours need.</summary>
    /// <param name="tick">One of them.</param>
    /// <param name="ticks">All of the axis, in order.</param>
    /// <param name="tooLong">From here on there is no room for a number in full.</param>
    public static string Label(double tick, IReadOnlyList<double> ticks, double tooLong)
    {
        if (ticks.Count == 1)
        {
            return tick.ToString("G6", CultureInfo.InvariantCulture);
        }

        // As many as the step has: two for .25, three for .025.
        var step = ticks[1] - ticks[0];
        var power = (int)Math.Floor(Math.Log10(step) + 1e-9);
        var decimals = Math.Clamp(-power + (Math.Abs((step / Math.Pow(10, power)) - 2.5) < 1e-6 ? 1 : 0), 0, 8);
        return Math.Abs(tick) >= tooLong || (tick != 0 && Math.Abs(ticks[^1]) < 1e-3)
            ? tick.ToString("0.##e0", CultureInfo.InvariantCulture)
            : tick.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}

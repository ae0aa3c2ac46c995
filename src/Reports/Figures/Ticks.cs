namespace Orchestrator.Reports;

/// <summary>Round numbers along an axis.</summary>
internal static class Ticks
{
    private const int About = 5;

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
}

namespace Orchestrator.Statistics;

/// <summary>How lopsided a sample is.</summary>
public static class Skewness
{
    /// <summary>
    /// The adjusted Fisher-Pearson coefficient; null below three values, 0 where all are equal.
    /// </summary>
    public static double? Of(ReadOnlySpan<double> values)
    {
        if (values.Length < 3)
        {
            return null;
        }

        double n = values.Length;
        var mean = Moments.Of(values).Mean;
        double second = 0;
        double third = 0;
        foreach (var value in values)
        {
            var deviation = value - mean;
            second += deviation * deviation / n;
            third += deviation * deviation * deviation / n;
        }

        return second == 0 ? 0 : third / Math.Pow(second, 1.5) * Math.Sqrt(n * (n - 1)) / (n - 2);
    }

    /// <summary>
    /// Whether normal samples of this size show so much in fewer than one of twenty: beyond 1.96 of
    /// its standard error.
    /// </summary>
    public static bool IsUnusual(double skewness, int n) =>
        Math.Abs(skewness) > 1.96 * Math.Sqrt(6.0 * n * (n - 1) / ((n - 2.0) * (n + 1.0) * (n + 3.0)));
}

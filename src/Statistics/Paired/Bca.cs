using MathNet.Numerics.Distributions;
using Orchestrator.Numerics;

namespace Orchestrator.Statistics;

/// <summary>
/// The bias-corrected and accelerated bootstrap interval of a mean (Efron 1987): 10,000 resamples from a named stream, so that the same data give the
/// same interval. It covers less than it names below about n = 20: see docs/ref-statistics.md.
/// </summary>
public static class Bca
{
    /// <summary>Number of resamples.</summary>
    public const int Resamples = 10_000;

    /// <summary>The interval; null below two values.</summary>
    public static Interval? Of(ReadOnlySpan<double> values, double confidence = 0.95)
    {
        if (values.Length < 2)
        {
            return null;
        }

        var moments = Moments.Of(values);
        if (moments.StandardDeviation == 0)
        {
            return new(moments.Mean, moments.Mean);
        }

        double[] deviations = [.. values.ToArray().Select(v => v - moments.Mean)];
        var means = ResampledMeans(deviations);
        Array.Sort(means);

        // Means that equal the sample's, but for rounding, count half.
        var tie = 1e-12 * moments.StandardDeviation;
        var below = CountBelow(means, -tie) + ((CountBelow(means, tie) - CountBelow(means, -tie)) / 2.0);
        var bias = Normal.InvCDF(0, 1, Math.Clamp(below / Resamples, 0.5 / Resamples, 1 - (0.5 / Resamples)));
        var acceleration = deviations.Sum(d => d * d * d) / (6 * Math.Pow(deviations.Sum(d => d * d), 1.5));
        return new(moments.Mean + End((1 - confidence) / 2), moments.Mean + End((1 + confidence) / 2));

        double End(double share)
        {
            var z = bias + Normal.InvCDF(0, 1, share);
            return Percentile(means, Normal.CDF(0, 1, bias + (z / (1 - (acceleration * z)))));
        }
    }

    private static double[] ResampledMeans(double[] deviations)
    {
        var stream = new RandomStreams(0).Open("statistics/bootstrap");
        var n = (ulong)deviations.Length;
        var means = new double[Resamples];
        for (var i = 0; i < means.Length; i++)
        {
            double sum = 0;
            for (var j = 0; j < deviations.Length; j++)
            {
                sum += deviations[(int)((stream.NextUInt32() * n) >> 32)];
            }

            means[i] = sum / deviations.Length;
        }

        return means;
    }

    private static int CountBelow(double[] sorted, double value)
    {
        var index = Array.BinarySearch(sorted, value);
        return index >= 0 ? index : ~index;
    }

    // Between the order statistics on either side, linearly.
    private static double Percentile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var index = Math.Min((int)position, sorted.Length - 2);
        return sorted[index] + ((position - index) * (sorted[index + 1] - sorted[index]));
    }
}

using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using Orchestrator.Numerics;

namespace Orchestrator.Statistics;

/// <summary>
/// The bias-corrected and accelerated bootstrap interval of a mean (Efron 1987): 10,000 resamples
/// from a named stream, so that the same data give the same interval. It covers less than it names
/// below about n = 20: see docs/ref-statistics.md.
/// </summary>
public static class Bca
{
    /// <summary>Number of resamples.</summary>
    public const int Resamples = 10_000;

    // Which values each resample takes depends on n alone: for small n that is drawn once.
    private const int KeptUpTo = 50;
    private static readonly ConcurrentDictionary<int, int[]> Kept = [];

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

        // Means that equal the sample's, but for rounding, count half.
        var tie = 1e-12 * moments.StandardDeviation;
        var below = (means.Count(m => m < -tie) + means.Count(m => m < tie)) / 2.0;
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
        var n = deviations.Length;
        var places = n <= KeptUpTo ? Kept.GetOrAdd(n, _ => Draw(stream, new int[Resamples * n], n)) : new int[n];
        var means = new double[Resamples];
        for (var i = 0; i < means.Length; i++)
        {
            var row = n <= KeptUpTo ? places.AsSpan(i * n, n) : Draw(stream, places, n);
            double sum = 0;
            foreach (var place in row)
            {
                sum += deviations[place];
            }

            means[i] = sum / n;
        }

        return means;
    }

    private static int[] Draw(RandomStream stream, int[] places, int n)
    {
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (int)((stream.NextUInt32() * (ulong)n) >> 32);
        }

        return places;
    }

    // Between the order statistics on either side, linearly; finds them without sorting the rest.
    private static double Percentile(double[] means, double share)
    {
        var position = share * (means.Length - 1);
        var index = Math.Min((int)position, means.Length - 2);
        var (low, high) = (ArrayStatistics.OrderStatisticInplace(means, index + 1), ArrayStatistics.OrderStatisticInplace(means, index + 2));
        return low + ((position - index) * (high - low));
    }
}

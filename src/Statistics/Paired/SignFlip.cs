using Orchestrator.Numerics;

namespace Orchestrator.Statistics;

/// <summary>
/// Fisher's randomisation test of paired differences: under the null hypothesis each difference is
/// as likely with the other sign. Two-sided; sums within 1e-12 of the sum of magnitudes count as
/// ties.
/// </summary>
public static class SignFlip
{
    /// <summary>
    /// Up to so many differences that are not zero, p is exact; beyond, it is estimated.
    /// </summary>
    public const int ExactUpTo = 32;

    /// <summary>
    /// Sign patterns of the estimate, the observed one included; its p is valid (Phipson and Smyth
    /// 2010).
    /// </summary>
    public const int Draws = 100_000;

    private const double Tie = 1e-12;

    /// <summary>The p of the observed mean.</summary>
    public static double P(ReadOnlySpan<double> differences)
    {
        var buffer = new double[differences.Length];
        var n = 0;
        double sum = 0;
        double total = 0;
        foreach (var difference in differences)
        {
            if (difference != 0)
            {
                buffer[n++] = Math.Abs(difference);
                sum += difference;
                total += Math.Abs(difference);
            }
        }

        var magnitudes = buffer.AsSpan(0, n);
        var threshold = Math.Abs(sum) - (Tie * total);
        return threshold <= 0 ? 1
            : n <= ExactUpTo ? Math.Min(1, 2.0 * CountAtLeast(magnitudes, threshold) / Math.Pow(2, n))
            : Estimate(magnitudes, threshold);
    }

    /// <summary>
    /// The smallest p that so many differences permit: 2^(1 - n), of those that are not zero.
    /// </summary>
    public static double SmallestP(ReadOnlySpan<double> differences)
    {
        var n = 0;
        foreach (var difference in differences)
        {
            n += difference == 0 ? 0 : 1;
        }

        return SmallestP(n);
    }

    /// <summary>The smallest p that <paramref name="n"/> differences permit: 2^(1 - n).</summary>
    public static double SmallestP(int n) => Math.Min(1, Math.Pow(2, 1 - n));

    // How many of the 2^n sign patterns have a sum of at least the threshold, by the sorted sums of
    // both halves: 2^(n/2) steps instead of 2^n.
    private static long CountAtLeast(ReadOnlySpan<double> magnitudes, double threshold)
    {
        var left = SortedSums(magnitudes[..(magnitudes.Length / 2)]);
        var right = SortedSums(magnitudes[(magnitudes.Length / 2)..]);
        return CountAtLeast(left, right, threshold);
    }

    // Pairs of one value of each list, both ascending, whose sum is at least the threshold.
    private static long CountAtLeast(ReadOnlySpan<double> left, ReadOnlySpan<double> right, double threshold)
    {
        long count = 0;
        var from = right.Length;
        foreach (var value in left)
        {
            while (from > 0 && value + right[from - 1] >= threshold)
            {
                from--;
            }

            count += right.Length - from;
        }

        return count;
    }

    // All sums of the magnitudes with either sign, ascending.
    private static double[] SortedSums(ReadOnlySpan<double> magnitudes)
    {
        var sums = new double[1 << magnitudes.Length];
        var next = new double[sums.Length];
        var count = 1;
        foreach (var magnitude in magnitudes)
        {
            // Merges the list with the magnitude taken away and the list with it added.
            var (low, high) = (0, 0);
            for (var i = 0; i < 2 * count; i++)
            {
                next[i] = low < count && sums[low] - magnitude <= sums[high] + magnitude ? sums[low++] - magnitude : sums[high++] + magnitude;
            }

            (sums, next) = (next, sums);
            count *= 2;
        }

        return sums;
    }

    // Eight signs at a time: one random byte picks one of 256 sums of a group of eight.
    private static double Estimate(ReadOnlySpan<double> magnitudes, double threshold)
    {
        var groups = (magnitudes.Length + 7) / 8;
        var table = new double[groups * 256];
        for (var group = 0; group < groups; group++)
        {
            for (var signs = 0; signs < 256; signs++)
            {
                for (var i = group * 8; i < Math.Min(magnitudes.Length, (group + 1) * 8); i++)
                {
                    table[(group * 256) + signs] += (signs >> (i & 7) & 1) == 0 ? magnitudes[i] : -magnitudes[i];
                }
            }
        }

        var stream = new RandomStreams(0).Open("statistics/sign-flip");
        var bytes = new byte[groups];
        var reached = 1;
        for (var draw = 1; draw < Draws; draw++)
        {
            stream.NextBytes(bytes);
            double sum = 0;
            for (var group = 0; group < groups; group++)
            {
                sum += table[(group * 256) + bytes[group]];
            }

            reached += Math.Abs(sum) >= threshold ? 1 : 0;
        }

        return (double)reached / Draws;
    }
}

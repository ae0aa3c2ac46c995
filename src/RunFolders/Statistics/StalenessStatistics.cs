using System.Numerics;

namespace Orchestrator.RunFolders;

/// <summary>
/// Distribution of a run's staleness: mean and maximum are exact, quantiles are exact below 2^20
/// and within 0.1 % above it. Memory grows with the largest value met, to 8 MB at most. Not
/// thread-safe.
/// </summary>
public sealed class StalenessStatistics
{
    /// <summary>Values below it are counted one by one.</summary>
    public const int ExactBelow = 1 << 20;

    // Above, each power of two has 1,024 buckets.
    private const int BucketBits = 10;
    private const int FirstExponent = 20;

    private long[] exact = new long[64];
    private long[] buckets = [];
    private Int128 sum;

    public long Count { get; private set; }

    /// <summary>The largest value; 0 where there is none.</summary>
    public long Maximum { get; private set; }

    /// <summary>The mean; NaN where there is no value.</summary>
    public double Mean => Count == 0 ? double.NaN : (double)sum / Count;

    /// <param name="staleness">At least 0.</param>
    public void Add(long staleness)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(staleness);
        Count++;
        sum += staleness;
        Maximum = Math.Max(Maximum, staleness);
        if (staleness < ExactBelow)
        {
            Slot(ref exact, (int)staleness)++;
        }
        else
        {
            Slot(ref buckets, BucketOf(staleness))++;
        }
    }

    /// <summary>
    /// The smallest value that at least the share <paramref name="p"/> of all values does not
    /// exceed (nearest rank); NaN where there is none.
    /// </summary>
    /// <param name="p">0 .. 1.</param>
    public double Quantile(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1.0);
        if (Count == 0)
        {
            return double.NaN;
        }

        var rank = Math.Clamp((long)Math.Ceiling(p * Count), 1, Count);
        for (var value = 0; value < exact.Length; value++)
        {
            if ((rank -= exact[value]) <= 0)
            {
                return value;
            }
        }

        var bucket = 0;
        while ((rank -= buckets[bucket]) > 0)
        {
            bucket++;
        }

        return Math.Min(LargestIn(bucket), Maximum);
    }

    private static int BucketOf(long value)
    {
        var exponent = BitOperations.Log2((ulong)value);
        var within = (int)(value >> (exponent - BucketBits)) & ((1 << BucketBits) - 1);
        return ((exponent - FirstExponent) << BucketBits) + within;
    }

    private static double LargestIn(int bucket)
    {
        var exponent = FirstExponent + (bucket >> BucketBits);
        var leading = (1L << BucketBits) + (bucket & ((1 << BucketBits) - 1));
        return (double)((((Int128)leading + 1) << (exponent - BucketBits)) - 1);
    }

    private static ref long Slot(ref long[] counts, int index)
    {
        if (index >= counts.Length)
        {
            Array.Resize(ref counts, Math.Max(index + 1, counts.Length * 2));
        }

        return ref counts[index];
    }
}

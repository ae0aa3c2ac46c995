using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers;

/// <summary>
/// A series of any length as the means of at most so many buckets of equal width: when they are
/// full, neighbours are merged and the width doubles. Remembers where each bucket begins.
/// </summary>
/// <param name="capacity">Most buckets; even.</param>
internal sealed class BucketedSeries(int capacity = 512)
{
    private readonly double[] sums = new double[capacity];
    private readonly RecordPlace[] places = new RecordPlace[capacity];
    private long inLast;
    private int whole;

    /// <summary>Numbers in each bucket.</summary>
    public long Width { get; private set; } = 1;

    public void Add(double value, RecordPlace place)
    {
        if (inLast == 0)
        {
            (sums[whole], places[whole]) = (0, place);
        }

        sums[whole] += value;
        if (++inLast == Width)
        {
            (whole, inLast) = (whole + 1, 0);
            if (whole == capacity)
            {
                Merge();
            }
        }
    }

    /// <summary>Means of the whole buckets.</summary>
    public double[] Means() => [.. sums.Take(whole).Select(sum => sum / Width)];

    /// <summary>Where a bucket begins.</summary>
    public RecordPlace PlaceOf(int bucket) => places[bucket];

    private void Merge()
    {
        for (var i = 0; i < capacity / 2; i++)
        {
            (sums[i], places[i]) = (sums[2 * i] + sums[(2 * i) + 1], places[2 * i]);
        }

        (whole, Width) = (capacity / 2, Width * 2);
    }
}

using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>What every partitioner must keep to; a partitioner's test class inherits it.</summary>
public abstract class PartitionerContract
{
    private const int Classes = 10;
    private const int Count = 3000;

    /// <summary>
    /// A partitioner with typical options, for ten classes and up to eight workers.
    /// </summary>
    public abstract IPartitioner Create();

    /// <summary>Whether every training sample is in some part.</summary>
    public virtual bool UsesEverySample => true;

    /// <summary>Whether it gives one list for all workers.</summary>
    public virtual bool SharesOneList => false;

    /// <summary>Whether it works without labels.</summary>
    public virtual bool NeedsLabels => false;

    /// <summary>
    /// Nobody goes empty, no row is dealt twice, and all are dealt where that is promised.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Each_worker_gets_rows_and_no_row_is_dealt_twice(int workers)
    {
        var parts = Deal(Create(), workers, Labels(), seed: 1);
        Assert.Equal(SharesOneList ? 1 : workers, parts.Count);
        Assert.All(parts, part => Assert.False(part.IsEmpty, "A part is empty."));
        var rows = parts.SelectMany(part => part.ToArray()).ToList();
        Assert.All(rows, row => Assert.InRange(row, 0, Count - 1));
        Assert.True(rows.Distinct().Count() == rows.Count, $"{rows.Count - rows.Distinct().Count()} rows are dealt more than once.");
        Assert.True(rows.Count == Count || !UsesEverySample, $"{rows.Count} of {Count} rows are dealt.");
    }

    /// <summary>The same stream gives the same partition.</summary>
    [Fact]
    public void One_stream_gives_one_partition()
    {
        var (first, second) = (Deal(Create(), 4, Labels(), seed: 5), Deal(Create(), 4, Labels(), seed: 5));
        Assert.Equal(first.Select(part => part.ToArray()), second.Select(part => part.ToArray()));
    }

    /// <summary>
    /// Another stream gives another partition, except where everybody shares one list.
    /// </summary>
    [Fact]
    public void Another_stream_gives_another_partition_unless_there_is_but_one()
    {
        var (first, second) = (Deal(Create(), 4, Labels(), seed: 5), Deal(Create(), 4, Labels(), seed: 6));
        var isSame = first.Zip(second).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span));
        Assert.Equal(SharesOneList, isSame);
    }

    /// <summary>
    /// More workers than samples are rejected with a sentence, and thrown as an
    /// <see cref="OptionException"/>.
    /// </summary>
    [Fact]
    public void More_workers_than_samples_are_refused_before_labels_are_read()
    {
        if (SharesOneList)
        {
            Assert.Null(Create().Reject(Classes, 5, 6));
            return;
        }

        Assert.False(string.IsNullOrWhiteSpace(Create().Reject(Classes, 5, 6)));
        Assert.Throws<OptionException>(() => Create().Partition([0, 1, 2, 3, 4], Classes, 5, 6, Stream(1)));
    }

    /// <summary>
    /// Data without labels is partitioned, or rejected where <see cref="NeedsLabels"/> says so.
    /// </summary>
    [Fact]
    public void Data_without_labels_is_partitioned_or_refused()
    {
        Assert.Equal(NeedsLabels, Create().Reject(0, Count, 4) is not null);
        if (NeedsLabels)
        {
            Assert.Throws<OptionException>(() => Create().Partition([], 0, Count, 4, Stream(1)));
        }
        else
        {
            Assert.Equal(Count, Create().Partition([], 0, Count, 4, Stream(1)).Sum(part => part.Length));
        }
    }

    /// <summary>An ordinary problem is not rejected.</summary>
    [Fact]
    public void What_fits_is_not_rejected() => Assert.Null(Create().Reject(Classes, Count, 8));

    /// <summary>Labels of ten classes, unequally frequent, in no order.</summary>
    protected static int[] Labels()
    {
        var random = new RandomStreams(11).Open("labels");
        return [.. Enumerable.Range(0, Count).Select(_ => Math.Min(random.Next(Classes), random.Next(2 * Classes)))];
    }

    /// <summary>A partition of <see cref="Labels"/>.</summary>
    protected static IReadOnlyList<ReadOnlyMemory<int>> Deal(IPartitioner partitioner, int workers, int[] labels, long seed)
        => partitioner.Partition(labels, Classes, labels.Length, workers, Stream(seed));

    private static RandomStream Stream(long seed) => new RandomStreams(seed).Open("partition");
}

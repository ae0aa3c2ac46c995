using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>What every partitioner must keep to; a partitioner's test class inherits it.</summary>
public abstract class PartitionerContract
{
    private const int Classes = 10;
    private const int Count = 3000;
    private const int GroupCount = 40;

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

    /// <summary>Whether it works without natural groups.</summary>
    public virtual bool NeedsGroups => false;

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
        var samples = new LabelledSamples([0, 1, 2, 3, 4], [0, 1, 2, 3, 4]);
        var shape = Shape(samples, Classes, groups: 5);
        if (SharesOneList)
        {
            Assert.Null(Create().Reject(shape, 6));
            return;
        }

        Assert.False(string.IsNullOrWhiteSpace(Create().Reject(shape, 6)));
        Assert.Throws<OptionException>(() => Create().Partition(samples, shape, 6, Stream(1)));
    }

    /// <summary>
    /// Data without labels is partitioned, or rejected where <see cref="NeedsLabels"/> says so.
    /// </summary>
    [Fact]
    public void Data_without_labels_is_partitioned_or_refused()
    {
        var samples = new LabelledSamples([], Groups());
        Without(NeedsLabels, samples, Shape(samples, 0, GroupCount));
    }

    /// <summary>
    /// Data without natural groups is partitioned, or rejected where <see cref="NeedsGroups"/> says
    /// so.
    /// </summary>
    [Fact]
    public void Data_without_groups_is_partitioned_or_refused()
    {
        var samples = new LabelledSamples(Labels(), []);
        Without(NeedsGroups, samples, Shape(samples, Classes, groups: 0));
    }

    /// <summary>
    /// A partitioner that needs groups uses them: with the groups of other samples it deals other
    /// rows.
    /// </summary>
    [Fact]
    public void Groups_matter_to_whoever_needs_them_and_to_nobody_else()
    {
        var (samples, others) = (new LabelledSamples(Labels(), Groups()), new LabelledSamples(Labels(), [.. Groups().Reverse()]));
        var (first, second) = (Deal(samples), Deal(others));
        Assert.Equal(!NeedsGroups, first.SequenceEqual(second));

        IEnumerable<int> Deal(LabelledSamples of) =>
            Create().Partition(of, Shape(of, Classes, GroupCount), 4, Stream(3)).SelectMany(part => part.ToArray().Prepend(-1));
    }

    private void Without(bool isNeeded, LabelledSamples samples, DatasetShape shape)
    {
        Assert.Equal(isNeeded, Create().Reject(shape, 4) is not null);
        if (isNeeded)
        {
            Assert.Throws<OptionException>(() => Create().Partition(samples, shape, 4, Stream(1)));
        }
        else
        {
            var dealt = Create().Partition(samples, shape, 4, Stream(1)).Sum(part => part.Length);
            Assert.True(dealt == Count || !UsesEverySample, $"{dealt} of {Count} rows are dealt.");
        }
    }

    /// <summary>An ordinary problem is not rejected.</summary>
    [Fact]
    public void What_fits_is_not_rejected() => Assert.Null(Create().Reject(Shape(new LabelledSamples(Labels(), Groups()), Classes, GroupCount), 8));

    /// <summary>Labels of ten classes, unequally frequent, in no order.</summary>
    protected static int[] Labels()
    {
        var random = new RandomStreams(11).Open("labels");
        return [.. Enumerable.Range(0, Count).Select(_ => Math.Min(random.Next(Classes), random.Next(2 * Classes)))];
    }

    /// <summary>Forty natural groups, unequally large, in no order.</summary>
    protected static int[] Groups()
    {
        var random = new RandomStreams(12).Open("groups");
        return [.. Enumerable.Range(0, Count).Select(_ => Math.Min(random.Next(GroupCount), random.Next(2 * GroupCount)))];
    }

    /// <summary>
    /// A partition of samples with these labels, and with <see cref="Groups"/> where there are as
    /// many.
    /// </summary>
    protected static IReadOnlyList<ReadOnlyMemory<int>> Deal(IPartitioner partitioner, int workers, int[] labels, long seed)
    {
        var samples = new LabelledSamples(labels, labels.Length == Count ? Groups() : [.. labels.Select((_, row) => row % GroupCount)]);
        return partitioner.Partition(samples, Shape(samples, Classes, GroupCount), workers, Stream(seed));
    }

    private static DatasetShape Shape(LabelledSamples samples, int classes, int groups) =>
        new([1], [.. Enumerable.Range(0, classes).Select(label => $"{label}")], samples.Count, 1)
        {
            GroupNames = [.. Enumerable.Range(0, groups).Select(group => $"g{group}")],
        };

    private static RandomStream Stream(long seed) => new RandomStreams(seed).Open("partition");

    private sealed class LabelledSamples(int[] labels, int[] groups) : ISamples
    {
        public int Count => Math.Max(labels.Length, groups.Length);

        public ReadOnlySpan<int> Labels => labels;

        public ReadOnlySpan<int> Groups => groups;

        public void Gather(ReadOnlySpan<int> rows, Span<float> inputs) => inputs.Clear();
    }
}

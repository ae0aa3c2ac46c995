using Orchestrator.Abstractions;
using Orchestrator.Partitioners;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Partitioners;

/// <summary>
/// For each clause of the contract, a partitioner that breaks it, and the suite's verdict on it.
/// </summary>
public sealed class WrongPartitionersTests
{
    private static readonly SplitDataset Right = new();

    [Fact]
    public void A_row_dealt_twice_is_caught()
        => Caught(suite => suite.Each_worker_gets_rows_and_no_row_is_dealt_twice(2), deal => deal(1) is var parts ? [.. parts.Skip(1), Twice(parts[0])] : []);

    [Fact]
    public void A_lost_row_is_caught()
        => Caught(suite => suite.Each_worker_gets_rows_and_no_row_is_dealt_twice(2), deal => [.. deal(1).Select(part => part[1..])]);

    [Fact]
    public void An_empty_part_is_caught()
        => Caught(suite => suite.Each_worker_gets_rows_and_no_row_is_dealt_twice(2), deal => [deal(0)[0], ReadOnlyMemory<int>.Empty]);

    [Fact]
    public void A_row_that_does_not_exist_is_caught()
        =>
            Caught(
                suite => suite.Each_worker_gets_rows_and_no_row_is_dealt_twice(2),
                deal => [.. deal(1).Select(part => (ReadOnlyMemory<int>)part.ToArray().Select(row => row + 1).ToArray())]);

    [Fact]
    public void A_part_for_one_worker_too_few_is_caught()
        => Caught(suite => suite.Each_worker_gets_rows_and_no_row_is_dealt_twice(2), deal => deal(0));

    [Fact]
    public void A_partition_that_changes_from_call_to_call_is_caught()
    {
        var calls = 0;
        Caught(suite => suite.One_stream_gives_one_partition(), deal => ++calls % 2 == 0 ? deal(1) : [.. deal(1).Reverse()]);
    }

    [Fact]
    public void A_partition_that_never_changes_is_caught()
        => Caught(
            suite => suite.Another_stream_gives_another_partition_unless_there_is_but_one(), deal => [.. deal(1).Select(_ => new ReadOnlyMemory<int>([1]))]);

    [Fact]
    public void Silence_about_too_many_workers_is_caught()
        => Caught(suite => suite.More_workers_than_samples_are_refused_before_labels_are_read(), deal => deal(1), reject: (_, _) => null);

    [Fact]
    public void Refusing_what_fits_is_caught()
        => Caught(suite => suite.What_fits_is_not_rejected(), deal => deal(1), reject: (_, workers) => workers > 4 ? "too many" : null);

    [Fact]
    public void Silence_about_missing_labels_is_caught()
        => Caught(suite => suite.Data_without_labels_is_partitioned_or_refused(), deal => [.. deal(1).Select(part => part[1..])]);

    [Fact]
    public void Groups_that_nobody_said_are_needed_are_caught()
    {
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => new Suite(new ByColumn(new())).Data_without_groups_is_partitioned_or_refused());
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => new Suite(new ByColumn(new())).Groups_matter_to_whoever_needs_them_and_to_nobody_else());
    }

    private static int[] Twice(ReadOnlyMemory<int> part) => [.. part.Span, part.Span[0]];

    // The lambda gets what deals the right partition, among one worker fewer if told 0.
    private static void Caught(
        Action<PartitionerContract> fact, Func<Func<int, IReadOnlyList<ReadOnlyMemory<int>>>, IReadOnlyList<ReadOnlyMemory<int>>> deal,
        Func<int, int, string?>? reject = null)
        => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => fact(new Suite(new Lambda(deal, reject))));

    private sealed class Suite(IPartitioner partitioner) : PartitionerContract
    {
        public override IPartitioner Create() => partitioner;
    }

    private sealed class Lambda(
        Func<Func<int, IReadOnlyList<ReadOnlyMemory<int>>>, IReadOnlyList<ReadOnlyMemory<int>>> deal, Func<int, int, string?>? reject) : IPartitioner
    {
        public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random)
        {
            var (right, fewer) = (
                Right.Partition(labels, classes, count, workers, random), Right.Partition(labels, classes, count, Math.Max(1, workers - 1), random));
            return deal(which => which == 1 ? right : fewer);
        }

        public string? Reject(int classes, int count, int workers) => reject is null ? Right.Reject(classes, count, workers) : reject(count, workers);
    }
}

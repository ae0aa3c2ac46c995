using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every partitioner promises: nobody goes empty, no row is dealt twice, ...
/// </summary>
public class MyPluginPartitionerContract : PartitionerContract
{
    public override IPartitioner Create() => new MyPluginPartitioner(new MyPluginPartitionerOptions());
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginPartitionerTests
{
    [Fact]
    public void A_workers_rows_follow_each_other()
    {
        var parts = new MyPluginPartitioner(new MyPluginPartitionerOptions()).Partition([], 0, count: 10, workers: 3, new RandomStreams(1).Open("partition"));
        Assert.Equal([3, 3, 4], parts.Select(part => part.Length));
        Assert.All(parts, part => Assert.Equal(Enumerable.Range(0, part.Length).Select(i => (part.Span[0] + i) % 10), part.ToArray()));
    }

    [Fact]
    public void Too_few_samples_are_refused_with_what_is_allowed() =>
        Assert.Contains("allowed: 1 to 2 workers", new MyPluginPartitioner(new MyPluginPartitionerOptions(LeastSamples: 50)).Reject(10, 100, 3));
}

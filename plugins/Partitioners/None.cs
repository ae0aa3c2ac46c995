using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

/// <summary>
/// No partition: every worker walks the whole training set, each in an order of its own, so that N
/// workers make N times the gradients of one.
/// </summary>
[Description("No partition: every worker walks the whole training set.")]
[Plugin("none")]
internal sealed class None : IPartitioner
{
    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random)
        => [Enumerable.Range(0, count).ToArray()];
}

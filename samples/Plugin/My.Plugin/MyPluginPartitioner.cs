using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>Options of the partitioner <c>my-plugin</c>.</summary>
public sealed record MyPluginPartitionerOptions(
    [Description("Samples that each worker has at least.")][Range(1, int.MaxValue)] int LeastSamples = 1);

/// <summary>
/// Each worker gets a stretch of the samples in the order in which they were recorded, as where
/// every machine logged a period of its own. Where the first stretch begins is drawn; after the
/// last sample comes the first.
/// </summary>
[Plugin("my-plugin")]
[Description("Each worker gets a stretch of the samples in their recorded order.")]
internal sealed class MyPluginPartitioner(MyPluginPartitionerOptions options) : IPartitioner
{
    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random)
    {
        if (Reject(classes, count, workers) is { } objection)
        {
            throw new OptionException("leastSamples", objection);
        }

        var start = random.Next(count);
        int[] rows = [.. Enumerable.Range(0, count).Select(i => (start + i) % count)];
        return [.. Enumerable.Range(0, workers).Select(worker => (ReadOnlyMemory<int>)rows.AsMemory(Border(worker)..Border(worker + 1)))];

        int Border(int worker) => (int)((long)worker * count / workers);
    }

    /// <summary>Asked while a pipeline is validated, before a sample is read.</summary>
    public string? Reject(int classes, int count, int workers) => (long)workers * options.LeastSamples > count
        ? $"{workers} workers with at least {options.LeastSamples} samples each need more than the {count} training samples; "
            + $"allowed: 1 to {count / options.LeastSamples} workers."
        : null;
}

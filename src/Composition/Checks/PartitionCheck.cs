using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>The data can be dealt to so many workers, and none gets less than one sample.</summary>
internal sealed class PartitionCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["dataset", "evaluation", "partitioner"];

    public long Detail(ResolvedPipeline pipeline) => pipeline.Workers.Count;

    public void Run(CheckContext context)
    {
        var workers = context.Pipeline.Workers.Count;
        if (context.Data is { } data
            && context.Plugins.Ask<IPartitioner, string>(context.Pipeline.Partitioner, p => p.Reject(data, workers)) is { } cause)
        {
            context.Add("partitioner", cause);
        }
    }
}

using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// Asks the model what a replica takes: planning one is work, and depends on fewer keys than the
/// whole estimate.
/// </summary>
internal sealed class ReplicaCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["dataset", "model"];

    public long Detail(ResolvedPipeline pipeline) => pipeline.Workers.BatchSize;

    public void Run(CheckContext context)
    {
        if (context.Objective is { } objective)
        {
            context.Plugins.Ask<IModel, object>(context.Pipeline.Model.Model, _ => context.ReplicaBytes = objective.ReplicaBytes(context.Pipeline.Workers.BatchSize));
        }
    }
}

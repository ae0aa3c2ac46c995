using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>The consistency model fits the number of workers and the optimizer.</summary>
internal sealed class ConsistencyCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["consistency", "optimizer"];

    public long Detail(ResolvedPipeline pipeline) => (2L * pipeline.Workers.Count) + (pipeline.Workers.OverlapPulls ? 1 : 0);

    public void Run(CheckContext context)
    {
        var pipeline = context.Pipeline;
        context.Plugins.Try<IConsistency>(pipeline.Consistency, consistency =>
        {
            using var state = new RuleState(length: 0, pipeline.Workers.Count);
            consistency.Attach(pipeline.Workers.Count, state);
        });

        if (context.Consistency is { TakesMean: true } && context.Optimizer is { PerWorker: true })
        {
            context.Add(
                "consistency",
                $"'{pipeline.Consistency.Name}' makes an update of the mean of several workers' pushes, but the {pipeline.Optimizer.Rule.Plugin.Title} keeps state "
                + "for each worker; choose a consistency model without a mean, such as asynchronous, or an optimizer without state per worker, such as sgd");
        }

        // A worker that pulls before its own push is applied is at least one update behind when the
        // next one arrives.
        if (pipeline.Workers.OverlapPulls && context.Consistency is { LargestStaleness: < 1 })
        {
            context.Add(
                "workers.overlapPulls",
                $"pulls would come before the update that their worker's push makes, so that every later push is stale, and '{pipeline.Consistency.Name}' drops stale pushes; "
                + "set it to false, or choose a consistency model that takes them, such as asynchronous");
        }
    }
}

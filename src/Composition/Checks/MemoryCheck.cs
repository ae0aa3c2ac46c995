using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>The run fits the machine's memory.</summary>
internal sealed class MemoryCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["consistency", "dataset", "model", "optimizer", "workers"];

    public void Run(CheckContext context)
    {
        var pipeline = context.Pipeline;
        if (context.Objective is not { } objective || context.Optimizer is not { } optimizer || context.Consistency is not { } consistency || context.ReplicaBytes is not { } replica
            || (pipeline.Workers.Rule is not null && context.Rule is null))
        {
            return;
        }

        context.Memory = context.Plugins.Ask<IModel, MemoryEstimate>(
            pipeline.Model.Model, _ => MemoryEstimate.Of(pipeline, objective, replica, optimizer, context.Rule, consistency, context.Request.Cores, context.Data?.Bytes ?? 0));
        if (context.Memory is not { } memory || memory.Total <= context.Request.MemoryLimit)
        {
            return;
        }

        if (memory.Data > memory.Total / 2)
        {
            context.Add(
                "dataset",
                $"its samples take about {MemoryEstimate.Size(memory.Data)}, of {MemoryEstimate.Size(memory.Total)} for the run; this machine has {MemoryEstimate.Size(context.Request.MemoryLimit)}: "
                + "use fewer samples, or smaller ones");
        }
        else
        {
            context.Add(
                "workers.count",
                $"{pipeline.Workers.Count} workers of a model with {objective.Layout.Length} parameters take about {MemoryEstimate.Size(memory.Total)}; "
                + $"this machine has {MemoryEstimate.Size(context.Request.MemoryLimit)}: use fewer workers, a smaller model or smaller batches");
        }
    }
}

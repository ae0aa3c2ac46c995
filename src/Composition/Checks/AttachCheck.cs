using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// The optimizer and the corrections accept the model's parameters and the number of workers.
/// </summary>
internal sealed class AttachCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["dataset", "model", "optimizer"];

    public long Detail(ResolvedPipeline pipeline) => pipeline.Workers.Count;

    public void Run(CheckContext context)
    {
        if (context.Objective is not { } objective)
        {
            return;
        }

        var optimizer = context.Pipeline.Optimizer;
        Attach<IOptimizer>(context, objective, optimizer.Rule, (rule, with) => rule.Attach(with));
        foreach (var correction in optimizer.Corrections)
        {
            Attach<ICorrection>(context, objective, correction, (rule, with) => rule.Attach(with));
        }
    }

    /// <summary>Vectors of the state take no memory before they are touched.</summary>
    private static void Attach<T>(CheckContext context, IObjective objective, PluginSection section, Action<T, RuleContext> attach) where T : class =>
        context.Plugins.Try<T>(section, rule =>
        {
            var workers = context.Pipeline.Workers.Count;
            using var state = new RuleState(objective.Layout.Length, workers);
            attach(rule, new RuleContext(objective.Layout, workers, state));
        });
}

using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// The optimizer takes what the workers push, and nothing treats parameters as if they were a
/// gradient.
/// </summary>
internal sealed class PayloadCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["optimizer", "workers"];

    public void Run(CheckContext context)
    {
        var pipeline = context.Pipeline;
        if (context.Optimizer is not { } optimizer || (pipeline.Workers.Rule is not null && context.Rule is null))
        {
            return;
        }

        var pushed = context.Rule?.Payload ?? Payload.Gradient;
        if (pushed != optimizer.Accepts)
        {
            var workers = pipeline.Workers.Rule is { } rule ? $"the {rule.Plugin.Title} pushes {Noun(pushed)}" : "workers without a rule push gradients";
            context.Add("workers.rule", $"{workers}, but the {pipeline.Optimizer.Rule.Plugin.Title} takes {Noun(optimizer.Accepts)}; change one of the two");
        }

        if (optimizer.Accepts == Payload.Parameters && pipeline.Workers.OverlapPulls)
        {
            context.Add(
                "workers.overlapPulls",
                $"the {pipeline.Optimizer.Rule.Plugin.Title} answers each push with what its worker goes on from, and a worker that pulls before would leave its last local steps out; set it to false");
        }

        if (pushed == Payload.Parameters && pipeline.Optimizer.Corrections.Count > 0)
        {
            context.Add("optimizer.corrections", "workers push their parameters, which corrections of gradients cannot change; remove the corrections");
        }

        if (pushed == Payload.Parameters && pipeline.Optimizer.WeightDecay > 0)
        {
            context.Add("optimizer.weightDecay", "workers push their parameters, to which the server adds no weight decay; remove it or set it to 0");
        }
    }

    private static string Noun(Payload payload) => payload == Payload.Gradient ? "gradients" : "the workers' own parameters";
}

using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>The model's layers fit the data and each other; the model names the layer that does not.</summary>
internal sealed class ShapeCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["dataset", "model"];

    public void Run(CheckContext context)
    {
        if (context.Data is { } data)
        {
            context.Objective = context.Plugins.Ask<IModel, IObjective>(context.Pipeline.Model, m => m.Build(data));
        }
    }
}

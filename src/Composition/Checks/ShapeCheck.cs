using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Composition;

/// <summary>
/// The model's layers fit the data and each other, and the backend can compute them; whoever
/// refuses says what does not fit.
/// </summary>
internal sealed class ShapeCheck : IPipelineCheck
{
    // A checkpoint writes them as one span of bytes.
    private const int MostFloats = int.MaxValue / sizeof(float);

    public IReadOnlyList<string> Reads { get; } = ["dataset", "model"];

    public void Run(CheckContext context)
    {
        if (context.Data is not { } data)
        {
            return;
        }

        var (model, backend) = (context.Pipeline.Model.Model, context.Pipeline.Model.Backend);
        if (backend is null)
        {
            context.Objective = context.Plugins.Ask<IModel, IObjective>(model, m => m.Build(data));
        }
        else if (context.Plugins.Get<IModel>(model) is { } other and not INetworkModel)
        {
            context.Add(backend.Path, $"the {model.Plugin.Title} is computed by itself ({other.GetType().Name}); a backend computes networks, such as lenet5 or sequential");
        }
        else if (context.Plugins.Ask<INetworkModel, Network>(model, m => m.Describe(data)) is { } network)
        {
            context.Objective = context.Plugins.Ask<INetworkBackend, IObjective>(backend, b => b.Build(network));
        }

        if (context.Objective?.Layout is { } layout && layout.Length + (long)layout.BufferLength > MostFloats)
        {
            context.Add(model.Path, string.Create(CultureInfo.InvariantCulture, $"it has {layout.Length + (long)layout.BufferLength} parameters and buffers; at most {MostFloats} are allowed"));
        }
    }
}

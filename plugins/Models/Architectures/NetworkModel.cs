using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>A model that is a list of layers.</summary>
internal abstract class NetworkModel : IModel
{
    public IObjective Build(DatasetShape data) => Build(data, KernelPaths.Choose());

    internal IObjective Build(DatasetShape data, KernelPath path) => new NetworkObjective(NetworkPlan.Create(LayersFor(data), data), path);

    /// <summary>The layers for data of a shape.</summary>
    public abstract IReadOnlyList<LayerOptions> LayersFor(DatasetShape data);
}

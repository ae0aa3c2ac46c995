using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>A model that is a list of layers.</summary>
internal abstract class NetworkModel : IModel
{
    /// <summary>What becomes of batch-norm's statistics; of no effect without batch-norm.</summary>
    protected virtual BatchNormPolicyOptions? BatchNormPolicy => null;

    public IObjective Build(DatasetShape data) => new NetworkObjective(NetworkPlan.Create(LayersFor(data), data), KernelPaths.Choose(), BatchNormPolicy);

    /// <summary>The layers for data of a shape.</summary>
    public abstract IReadOnlyList<LayerOptions> LayersFor(DatasetShape data);
}

using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// A family of networks as data: its options, and the layers that they mean for data of a shape.
/// </summary>
public abstract record Architecture
{
    /// <summary>What becomes of batch-norm's statistics; null: pushed, with momentum 0.1.</summary>
    public virtual BatchNormPolicyOptions? BatchNormPolicy => null;

    /// <summary>The layers, first to last, for data of a shape.</summary>
    public abstract IReadOnlyList<LayerOptions> LayersFor(DatasetShape data);

    /// <summary>The network for data of a shape.</summary>
    /// <exception cref="OptionException">It does not fit; the message names the layer and both
    /// shapes.</exception>
    public Network Describe(DatasetShape data) => Network.Create(LayersFor(data), data, BatchNormPolicy);
}

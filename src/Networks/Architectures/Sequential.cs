using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>A network written layer by layer.</summary>
/// <param name="Layers">First to last; the last gives one feature per class.</param>
/// <param name="BatchNorm">What becomes of the statistics of batch-norm; null: pushed, with
/// momentum 0.1.</param>
public sealed record Sequential(
    [Description("Layers, first to last. The last gives one feature per class; softmax and cross-entropy follow of themselves.")] IReadOnlyList<LayerOptions> Layers,
    [Description("What becomes of the statistics of batch-norm; absent: pushed, with momentum 0.1.")] BatchNormPolicyOptions? BatchNorm = null) : Architecture
{
    /// <inheritdoc/>
    public override BatchNormPolicyOptions? BatchNormPolicy => BatchNorm;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) => Layers;
}

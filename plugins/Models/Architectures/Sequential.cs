using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>Options of <c>sequential</c>.</summary>
public sealed record SequentialOptions(
    [Description("Layers, first to last. The last gives one feature per class; softmax and cross-entropy follow of themselves.")] IReadOnlyList<LayerOptions> Layers,
    [Description("What becomes of the statistics of batch-norm; absent: pushed, with momentum 0.1.")] BatchNormPolicyOptions? BatchNorm = null);

/// <summary>A model written in the pipeline.</summary>
[Description("A network written layer by layer in the pipeline.")]
[Plugin("sequential")]
internal sealed class Sequential(SequentialOptions options) : NetworkModel
{
    protected override BatchNormPolicyOptions? BatchNormPolicy => options.BatchNorm;

    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) => options.Layers;
}

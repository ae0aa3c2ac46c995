using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// ResNet-18 in the form that is common for CIFAR (a 3x3 first convolution, no first pooling):
/// 11,173,962 parameters on images of three channels and ten classes. After He, Zhang, Ren, Sun:
/// Deep residual learning for image recognition, 2016, with projections where the shape changes
/// (option B).
/// </summary>
/// <param name="BatchNorm">What becomes of the statistics of batch-norm; null: pushed, with
/// momentum 0.1.</param>
public sealed record ResNet18(
    [Description("What becomes of the statistics of batch-norm; absent: pushed, with momentum 0.1.")] BatchNormPolicyOptions? BatchNorm = null) : Architecture
{
    /// <inheritdoc/>
    public override BatchNormPolicyOptions? BatchNormPolicy => BatchNorm;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data)
    {
        List<LayerOptions> layers = [ResidualNetworks.Conv3(64), new BatchNormOptions(), new ReluOptions()];
        foreach (var (channels, stride) in new[] { (64, 1), (128, 2), (256, 2), (512, 2) })
        {
            layers.AddRange(ResidualNetworks.BasicBlock(channels, stride, stride == 1 ? null : ResidualNetworks.Projection(channels, stride)));
            layers.AddRange(ResidualNetworks.BasicBlock(channels, 1, null));
        }

        return [.. layers, new GlobalAveragePoolOptions(), new LinearOptions(data.Outputs)];
    }
}

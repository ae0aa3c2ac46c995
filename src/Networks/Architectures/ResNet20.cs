using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// ResNet-20 in its CIFAR form: 269,722 parameters on 32x32 images of three channels and ten
/// classes. He, Zhang, Ren, Sun: Deep residual learning for image recognition, 2016, section 4.2,
/// with its shortcuts without parameters (option A). Deviation: PyTorch's default initialisation.
/// </summary>
/// <param name="BatchNorm">What becomes of the statistics of batch-norm; null: pushed, with
/// momentum 0.1.</param>
public sealed record ResNet20(
    [Description("What becomes of the statistics of batch-norm; absent: pushed, with momentum 0.1.")] BatchNormPolicyOptions? BatchNorm = null) : Architecture
{
    /// <inheritdoc/>
    public override BatchNormPolicyOptions? BatchNormPolicy => BatchNorm;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data)
    {
        List<LayerOptions> layers = [ResidualNetworks.Conv3(16), new BatchNormOptions(), new ReluOptions()];
        foreach (var (channels, stride) in new[] { (16, 1), (32, 2), (64, 2) })
        {
            layers.AddRange(ResidualNetworks.BasicBlock(channels, stride, stride == 1 ? null : ResidualNetworks.Padding(channels, stride)));
            layers.AddRange(ResidualNetworks.BasicBlock(channels, 1, null));
            layers.AddRange(ResidualNetworks.BasicBlock(channels, 1, null));
        }

        return [.. layers, new GlobalAveragePoolOptions(), new LinearOptions(data.Outputs)];
    }
}

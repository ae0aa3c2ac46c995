using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>
/// ResNet-20 in its CIFAR form: 269,722 parameters on 32x32 images of three channels and ten classes. He, Zhang, Ren, Sun: Deep residual learning for
/// image recognition, 2016, section 4.2, with its shortcuts without parameters (option A). Deviation: PyTorch's default initialisation.
/// </summary>
[Description("ResNet-20 in its CIFAR form, 0.27 million parameters.")]
[Plugin("resnet20")]
internal sealed class ResNet20(ResidualNetworkOptions options) : NetworkModel
{
    protected override BatchNormPolicyOptions? BatchNormPolicy => options.BatchNorm;

    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data)
    {
        List<LayerOptions> layers = [ResidualNetworks.Conv3(16), new BatchNormOptions(), new ReluOptions()];
        foreach (var (channels, stride) in new[] { (16, 1), (32, 2), (64, 2) })
        {
            layers.AddRange(ResidualNetworks.BasicBlock(channels, stride, stride == 1 ? null : ResidualNetworks.Padding(channels, stride)));
            layers.AddRange(ResidualNetworks.BasicBlock(channels, 1, null));
            layers.AddRange(ResidualNetworks.BasicBlock(channels, 1, null));
        }

        return [.. layers, new GlobalAveragePoolOptions(), new LinearOptions(data.Classes)];
    }
}

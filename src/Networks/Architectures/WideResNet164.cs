using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// Wide residual network WRN-16-4: 2,748,890 parameters on images of three channels and ten
/// classes. Zagoruyko, Komodakis: Wide residual networks, 2016; without dropout. Normalisation and
/// rectifier come before the convolutions; a block that changes the shape shares them with its
/// shortcut. Deviation: PyTorch's default initialisation.
/// </summary>
/// <param name="BatchNorm">What becomes of the statistics of batch-norm; null: pushed, with
/// momentum 0.1.</param>
public sealed record WideResNet164(
    [Description("What becomes of the statistics of batch-norm; absent: pushed, with momentum 0.1.")] BatchNormPolicyOptions? BatchNorm = null) : Architecture
{
    /// <inheritdoc/>
    public override BatchNormPolicyOptions? BatchNormPolicy => BatchNorm;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data)
    {
        List<LayerOptions> layers = [ResidualNetworks.Conv3(16)];
        foreach (var (channels, stride) in new[] { (64, 1), (128, 2), (256, 2) })
        {
            layers.AddRange([new BatchNormOptions(), new ReluOptions()]);
            layers.Add(new ResidualOptions(Convolutions(channels, stride), [ResidualNetworks.Conv1(channels, stride)]));
            layers.Add(new ResidualOptions([new BatchNormOptions(), new ReluOptions(), .. Convolutions(channels, 1)]));
        }

        return [.. layers, new BatchNormOptions(), new ReluOptions(), new GlobalAveragePoolOptions(), new LinearOptions(data.Outputs)];
    }

    private static LayerOptions[] Convolutions(int channels, int stride) =>
        [ResidualNetworks.Conv3(channels, stride), new BatchNormOptions(), new ReluOptions(), ResidualNetworks.Conv3(channels)];
}

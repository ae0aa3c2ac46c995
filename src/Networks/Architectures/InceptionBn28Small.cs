using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// The small inception network with batch-norm of MXNet's examples for images of 28x28
/// (<c>example/image-classification</c>, <c>symbol_inception-bn-28-small</c>, Apache License 2.0):
/// 1,652,826 parameters on three channels and ten classes. Modules of two branches, a 1x1 and a 3x3
/// convolution, and two of a 3x3 convolution and a max-pooling of stride 2; after Ioffe, Szegedy:
/// Batch normalization, 2015. Deviations: batch-norm's scale is learned (MXNet holds it at 1 unless
/// told otherwise, and counts it); a max-pooling is padded by a place on each side, as in later
/// versions of the file (the first one rounds the number of windows up); the last pooling takes the
/// whole image, which is the same on 28x28; PyTorch's default initialisation.
/// </summary>
/// <param name="BatchNorm">What becomes of the statistics of batch-norm; null: pushed, with
/// momentum 0.1.</param>
public sealed record InceptionBn28Small(
    [Description("What becomes of the statistics of batch-norm; absent: pushed, with momentum 0.1.")] BatchNormPolicyOptions? BatchNorm = null) : Architecture
{
    private const double Epsilon = 1e-3;

    /// <inheritdoc/>
    public override BatchNormPolicyOptions? BatchNormPolicy => BatchNorm;

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) =>
    [
        .. Convolution(96, 3),
        Module(32, 32), Module(32, 48), Downsampling(80),
        Module(112, 48), Module(96, 64), Module(80, 80), Module(48, 96), Downsampling(96),
        Module(176, 160), Module(176, 160),
        new GlobalAveragePoolOptions(), new LinearOptions(data.Outputs),
    ];

    private static LayerOptions[] Convolution(int channels, int kernel, int stride = 1) =>
        [new Conv2dOptions(channels, kernel, stride, Padding: kernel / 2), new BatchNormOptions(Epsilon), new ReluOptions()];

    private static ConcatOptions Module(int of1x1, int of3x3) => new([new SequentialOptions(Convolution(of1x1, 1)), new SequentialOptions(Convolution(of3x3, 3))]);

    private static ConcatOptions Downsampling(int of3x3) =>
        new([new SequentialOptions(Convolution(of3x3, 3, stride: 2)), new MaxPoolOptions(3, Stride: 2, Padding: 1)]);
}

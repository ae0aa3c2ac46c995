using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// LeNet-5 as the EPFL study trains it: 61,706 parameters on 28x28 images of one channel and ten
/// classes. After LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document
/// recognition, 1998; deviations, all common today: rectifiers instead of tanh, max-pooling instead
/// of learned averages, full connections between the convolutions, softmax cross-entropy.
/// </summary>
public sealed record LeNet5 : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) =>
    [
        new Conv2dOptions(Channels: 6, Kernel: 5, Padding: 2), new ReluOptions(), new MaxPoolOptions(2),
        new Conv2dOptions(Channels: 16, Kernel: 5), new ReluOptions(), new MaxPoolOptions(2),
        new FlattenOptions(),
        new LinearOptions(120), new ReluOptions(),
        new LinearOptions(84), new ReluOptions(),
        new LinearOptions(data.Outputs),
    ];
}

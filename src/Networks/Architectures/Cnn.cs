using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// The EPFL study's CNN: 1,199,882 parameters on 28x28 images of one channel and ten classes. As in
/// its code, no rectifier follows the second convolution.
/// </summary>
/// <param name="FeatureDropout">Dropout after the last pooling; 0 for none.</param>
/// <param name="HiddenDropout">Dropout after the hidden linear layer; 0 for none.</param>
public sealed record Cnn(
    [Description("Dropout after the last pooling; 0 for none.")][Range(0.0, 0.999)] double FeatureDropout = 0.25,
    [Description("Dropout after the hidden linear layer; 0 for none.")][Range(0.0, 0.999)] double HiddenDropout = 0.5) : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) =>
    [
        new Conv2dOptions(32, 3), new ReluOptions(),
        new Conv2dOptions(64, 3), new MaxPoolOptions(2), new FlattenOptions(), new DropoutOptions(FeatureDropout),
        new LinearOptions(128), new ReluOptions(), new DropoutOptions(HiddenDropout),
        new LinearOptions(data.Outputs),
    ];
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// The EPFL study's CNN2: 2,122,186 parameters on 32x32 images of three channels and ten classes.
/// </summary>
/// <param name="FeatureDropout">Dropout after the last pooling; 0 for none.</param>
/// <param name="HiddenDropout">Dropout after the hidden linear layer; 0 for none.</param>
public sealed record CnnCifar(
    [Description("Dropout after the last pooling; 0 for none.")][Range(0.0, 0.999)] double FeatureDropout = 0.25,
    [Description("Dropout after the hidden linear layer; 0 for none.")][Range(0.0, 0.999)] double HiddenDropout = 0.5) : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) =>
    [
        new Conv2dOptions(32, 3, Padding: 1), new ReluOptions(), new MaxPoolOptions(2),
        new Conv2dOptions(64, 3, Padding: 1), new ReluOptions(), new MaxPoolOptions(2),
        new FlattenOptions(), new DropoutOptions(FeatureDropout),
        new LinearOptions(512), new ReluOptions(), new DropoutOptions(HiddenDropout),
        new LinearOptions(data.Outputs),
    ];
}

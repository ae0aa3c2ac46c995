using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>The EPFL study's CNN2: 2,122,186 parameters on 32x32 images of three channels and ten classes.</summary>
[Description("The EPFL study's CNN2 for CIFAR, 2.1 million parameters.")]
[Plugin("cnn-cifar")]
internal sealed class CnnCifar(CnnOptions options) : NetworkModel
{
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) =>
    [
        new Conv2dOptions(32, 3, Padding: 1), new ReluOptions(), new MaxPoolOptions(2),
        new Conv2dOptions(64, 3, Padding: 1), new ReluOptions(), new MaxPoolOptions(2),
        new FlattenOptions(), new DropoutOptions(options.FeatureDropout),
        new LinearOptions(512), new ReluOptions(), new DropoutOptions(options.HiddenDropout),
        new LinearOptions(data.Classes),
    ];
}

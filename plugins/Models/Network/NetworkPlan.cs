using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>A network that fits its data: layers in order, and where their tensors are.</summary>
/// <param name="Input">One sample.</param>
/// <param name="InputPadding">Padding that the input is stored with, because its first reader wants it.</param>
/// <param name="Layers">In the order of the forward pass.</param>
/// <param name="Layout">All parameters and buffers.</param>
/// <param name="Classes">Features of the last layer.</param>
internal sealed record NetworkPlan(Volume Input, int InputPadding, IReadOnlyList<Layer> Layers, ParameterLayout Layout, int Classes)
{
    // The bits of a gradient depend on it: a constant, never a function of the largest batch.
    private const int SamplesPerGroup = 64;

    /// <summary>Samples whose activations are held at once.</summary>
    public int GroupSamples(int largestBatch) => Layers.Any(layer => layer.NeedsWholeBatch) ? largestBatch : Math.Min(SamplesPerGroup, largestBatch);

    /// <exception cref="OptionException">A layer does not fit, or the last one does not give one feature per class.</exception>
    public static NetworkPlan Create(IReadOnlyList<LayerOptions> options, DatasetShape data, string listName = "layers")
    {
        if (data.Classes < 1)
        {
            throw new OptionException("", "this model classifies; the dataset has no classes.");
        }

        var tensors = new TensorTable();
        var input = VolumeOf(data);
        var layers = LayerBuilder.Build(options, input, new LayerScope("", "", tensors), listName);
        var output = layers.Count == 0 ? input : layers[^1].Output;
        if (output != new Volume(data.Classes, 1, 1))
        {
            throw new OptionException(listName, $"the last layer gives {output}; one feature for each of the {data.Classes} classes is needed.");
        }

        var padding = 0;
        if (layers.Count > 0 && layers[0] is Conv2dLayer { Padding: > 0 } first)
        {
            padding = first.Padding;
            layers[0] = first.OverPaddedInput();
        }

        return new NetworkPlan(input, padding, layers, new ParameterLayout(tensors.Parameters.Tensors, tensors.Buffers.Tensors), data.Classes);
    }

    private static Volume VolumeOf(DatasetShape data) => data.Input switch
    {
        [var features] => new Volume(features, 1, 1),
        [var channels, var height, var width] => new Volume(channels, height, width),
        _ => throw new OptionException("", $"samples of shape [{string.Join(", ", data.Input)}] are neither [features] nor [channels, height, width]."),
    };
}

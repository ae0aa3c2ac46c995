using Orchestrator.Abstractions;
using Orchestrator.Networks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Orchestrator.Models.TorchSharp.Tests;

/// <summary>The gradient of a described network without dropout, in float64.</summary>
internal sealed class Float64
{
    private readonly Dictionary<string, Tensor> parameters;

    private Float64(Network network, float[] values) => parameters = network.Layout.Parameters.ToDictionary(
        place => place.Name, place => Doubles(values[place.Offset..(place.Offset + place.Length)], place.Shape).requires_grad_(true));

    public static float[] Gradient(Network network, float[] values, float[] inputs, int[] labels, IReadOnlyList<int> input)
    {
        using var scope = NewDisposeScope();
        var own = new Float64(network, values);
        var batch = Doubles(inputs, [labels.Length, .. input]);
        var loss = functional.cross_entropy(own.Forward(network.Layers, batch).flatten(1), tensor(Array.ConvertAll(labels, label => (long)label)));
        var gradients = autograd.grad([loss], [.. network.Layout.Parameters.Select(place => own.parameters[place.Name])]);
        return [.. gradients.SelectMany(gradient => gradient.to_type(ScalarType.Float32).reshape(-1).data<float>().ToArray())];
    }

    private static Tensor Doubles(float[] values, IReadOnlyList<int> shape) =>
        tensor(Array.ConvertAll(values, value => (double)value)).reshape([.. shape.Select(size => (long)size)]);

    private Tensor Forward(IReadOnlyList<Layer> layers, Tensor input) => layers.Aggregate(input, Forward);

    private Tensor Forward(Tensor x, Layer layer) => layer switch
    {
        Conv2dLayer { Shape: var shape } conv => functional.conv2d(
            x, Of(conv.Weight)!, Of(conv.Bias), [shape.Stride, shape.Stride], [shape.Padding, shape.Padding]),
        LinearLayer linear => functional.linear(x.flatten(1), Of(linear.Weight)!, Of(linear.Bias)),
        ReluLayer => x.clamp_min(0),
        AveragePoolLayer { Shape: var shape } => functional.avg_pool2d(
            x, [shape.WindowHeight, shape.WindowWidth], [shape.Stride, shape.Stride], [shape.Padding, shape.Padding]),
        MaxPoolLayer { Shape: var shape } => functional.max_pool2d(
            x, [shape.WindowHeight, shape.WindowWidth], [shape.Stride, shape.Stride], [shape.Padding, shape.Padding]),
        ConcatLayer concat => cat([.. concat.Branches.Select(branch => Forward(branch, x))], 1),
        BatchNormLayer norm => Normed(x, norm),
        FlattenLayer => x.flatten(1),
        PadChannelsLayer pad => cat([x, zeros([x.shape[0], pad.Channels - x.shape[1], x.shape[2], x.shape[3]], ScalarType.Float64)], 1),
        ResidualLayer residual => Forward(residual.Layers, x) + Forward(residual.Shortcut, x),
        _ => throw new NotSupportedException(layer.GetType().Name),
    };

    // Written out, as the paper has it.
    private Tensor Normed(Tensor x, BatchNormLayer norm)
    {
        long[] sample = [0, 2, 3];
        var mean = x.mean(sample, keepdim: true);
        var variance = (x - mean).pow(2).mean(sample, keepdim: true);
        return ((x - mean) / (variance + norm.Epsilon).sqrt() * Of(norm.Scale)!.view(1, -1, 1, 1)) + Of(norm.Shift)!.view(1, -1, 1, 1);
    }

    private Tensor? Of(NamedTensor? place) => place is null ? null : parameters[place.Name];
}

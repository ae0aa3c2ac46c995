using Orchestrator.Abstractions;
using Orchestrator.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Orchestrator.Models.TorchSharp;

/// <summary>A described network, layer by layer, as libtorch's operations.</summary>
internal sealed class NetworkProgram : IProgram
{
    private readonly Network network;
    private readonly TorchDevice device;
    private readonly Dictionary<string, HostTensor> parameters;
    private readonly Dictionary<string, HostTensor> buffers;
    private readonly Dictionary<Layer, DropoutTensor> dropouts = new(ReferenceEqualityComparer.Instance);
    private Random? random;

    public NetworkProgram(Network network, TorchDevice device, int largestBatch)
    {
        (this.network, this.device) = (network, device);
        parameters = Tensors(network.Layout.Parameters);
        buffers = Tensors(network.Layout.Buffers);
        Parameters = [.. network.Layout.Parameters.Select(place => parameters[place.Name].Tensor)];
        foreach (var leaf in Parameters)
        {
            leaf.requires_grad = true;
        }

        foreach (var dropout in DropoutsOf(network.Layers))
        {
            dropouts.Add(dropout, new DropoutTensor(dropout, device, largestBatch));
        }
    }

    public string Name => "the network";

    public ParameterLayout Layout => network.Layout;

    public IList<Tensor> Parameters { get; }

    public void Load(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers)
    {
        Fill(this.parameters, Layout.Parameters, parameters);
        Fill(this.buffers, Layout.Buffers, buffers);
    }

    public Tensor Forward(Tensor inputs, Random? random)
    {
        this.random = random;
        if (random is not null)
        {
            // In the order in which every backend draws, before anything is computed.
            foreach (var layer in DropoutsOf(network.Layers))
            {
                dropouts[layer].Draw(random, (int)inputs.shape[0]);
            }
        }

        return Forward(network.Layers, inputs).flatten(1);
    }

    public void ReadBuffers(Span<float> into)
    {
        foreach (var place in Layout.Buffers)
        {
            HostTensor.Read(buffers[place.Name].Tensor, into.Slice(place.Offset, place.Length));
        }
    }

    public void Dispose()
    {
        foreach (var tensor in parameters.Values.Concat(buffers.Values))
        {
            tensor.Dispose();
        }

        foreach (var dropout in dropouts.Values)
        {
            dropout.Dispose();
        }
    }

    private static void Fill(Dictionary<string, HostTensor> tensors, IReadOnlyList<NamedTensor> places, ReadOnlySpan<float> values)
    {
        foreach (var place in places)
        {
            tensors[place.Name].Set(values.Slice(place.Offset, place.Length));
        }
    }

    // A residual block's shortcut comes before its layers.
    private static IEnumerable<DropoutLayer> DropoutsOf(IReadOnlyList<Layer> layers) => layers.SelectMany(layer => layer switch
    {
        DropoutLayer { Rate: > 0 } dropout => [dropout],
        ResidualLayer residual => DropoutsOf(residual.Shortcut).Concat(DropoutsOf(residual.Layers)),
        ConcatLayer concat => concat.Branches.SelectMany(DropoutsOf),
        SequentialLayer block => DropoutsOf(block.Layers),
        _ => Enumerable.Empty<DropoutLayer>(),
    });

    private Dictionary<string, HostTensor> Tensors(IReadOnlyList<NamedTensor> places) =>
        places.ToDictionary(place => place.Name, place => new HostTensor([.. place.Shape.Select(size => (long)size)], device.Device));

    private Tensor Forward(IReadOnlyList<Layer> layers, Tensor input) => layers.Aggregate(input, Forward);

    private Tensor Forward(Tensor x, Layer layer) => layer switch
    {
        Conv2dLayer { Shape: var shape } conv2d => functional.conv2d(
            AsImage(x), Of(conv2d.Weight), OfOptional(conv2d.Bias), strides: [shape.Stride, shape.Stride], padding: [shape.Padding, shape.Padding]),
        LinearLayer linear => functional.linear(x.flatten(1), Of(linear.Weight), OfOptional(linear.Bias)),
        ReluLayer => functional.relu(x),
        TanhLayer => x.tanh(),
        MaxPoolLayer { Shape: var shape } => functional.max_pool2d(AsImage(x), [shape.WindowHeight, shape.WindowWidth], strides: [shape.Stride, shape.Stride], padding: [shape.Padding, shape.Padding]),
        AveragePoolLayer { Shape: var shape } => functional.avg_pool2d(AsImage(x), [shape.WindowHeight, shape.WindowWidth], stride: [shape.Stride, shape.Stride], padding: [shape.Padding, shape.Padding]),

        BatchNormLayer norm => Normalize(x, norm),
        DropoutLayer { Rate: > 0 } dropout => random is null ? x : x * dropouts[dropout].Mask((int)x.shape[0]).view(x.shape),
        DropoutLayer => x,
        FlattenLayer => x.flatten(1),
        PadChannelsLayer pad => functional.pad(AsImage(x), [0, 0, 0, 0, 0, pad.Channels - pad.Input.Channels]),
        ResidualLayer residual => AsImage(Forward(residual.Layers, x)) + AsImage(Forward(residual.Shortcut, x)),
        ConcatLayer concat => cat([.. concat.Branches.Select(branch => AsImage(Forward(branch, x)))], 1),
        SequentialLayer block => Forward(block.Layers, x),
        _ => throw new NotSupportedException($"The torch backend has no {layer.GetType().Name}."),
    };

    // With momentum 1 the running statistics become those of the batch, which is what is pushed. The
    // variance of a single value, a sum over what is one less, would be no number: it is zero.
    private Tensor Normalize(Tensor x, BatchNormLayer norm)
    {
        var (mean, variance) = (buffers[norm.Mean.Name].Tensor, buffers[norm.Variance.Name].Tensor);
        if (random is null || x.numel() > x.shape[1])
        {
            return functional.batch_norm(x, mean, variance, Of(norm.Scale), Of(norm.Shift), training: random is not null, momentum: 1, eps: norm.Epsilon);
        }

        mean.copy_(x.detach().flatten());
        variance.zero_();
        return functional.batch_norm(x, mean.clone(), variance.clone(), Of(norm.Scale), Of(norm.Shift), training: true, momentum: 1, eps: norm.Epsilon);
    }

    // Features and images of one place are the same to a layer that takes them.
    private static Tensor AsImage(Tensor x) => x.dim() == 4 ? x : x.view(x.shape[0], -1, 1, 1);

    private Tensor Of(NamedTensor place) => parameters[place.Name].Tensor;

    private Tensor? OfOptional(NamedTensor? place) => place is null ? null : Of(place);
}

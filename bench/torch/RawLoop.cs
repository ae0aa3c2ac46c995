using Orchestrator.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.TorchBench;

/// <summary>
/// What somebody writes who has TorchSharp alone: modules, a loss, backward. No parameters come and
/// no gradient goes.
/// </summary>
internal sealed class RawLoop : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> module;
    private readonly Tensor inputs;
    private readonly Tensor labels;

    public RawLoop(Network network, int[] input, int batch)
    {
        module = Chain(network.Layers);
        module.train();
        var (values, classes) = Program.Samples(input, batch);
        inputs = tensor(values).reshape([batch, .. input.Select(size => (long)size)]);
        labels = tensor(Array.ConvertAll(classes, label => (long)label));
    }

    public void Differentiate()
    {
        using var scope = NewDisposeScope();
        module.zero_grad();
        nn.functional.cross_entropy(module.forward(inputs), labels).backward();
    }

    public void Dispose()
    {
        module.Dispose();
        inputs.Dispose();
        labels.Dispose();
    }

    private static nn.Module<Tensor, Tensor> Chain(IReadOnlyList<Layer> layers) =>
        layers.Count == 0 ? nn.Identity() : nn.Sequential(layers.Select((layer, i) => ($"{i}", Of(layer))).ToArray());

    private static nn.Module<Tensor, Tensor> Of(Layer layer) => layer switch
    {
        Conv2dLayer { Shape: var shape } conv => nn.Conv2d(
            conv.Weight.Shape[1], conv.Weight.Shape[0], conv.Weight.Shape[2], stride: shape.Stride, padding: shape.Padding, bias: conv.Bias is not null),
        LinearLayer linear => nn.Sequential(("flat", nn.Flatten()), ("linear", nn.Linear(linear.Weight.Shape[1], linear.Weight.Shape[0], linear.Bias is not null))),
        ReluLayer => nn.ReLU(),
        MaxPoolLayer { Shape: var shape } => nn.MaxPool2d(shape.WindowHeight, stride: shape.Stride),
        AveragePoolLayer { Shape: var shape } => nn.AvgPool2d(shape.WindowHeight, stride: shape.Stride),
        BatchNormLayer norm => nn.BatchNorm2d(norm.Scale.Shape[0]),
        DropoutLayer dropout => nn.Dropout(dropout.Rate),
        FlattenLayer => nn.Flatten(),
        PadChannelsLayer pad => new Padded(pad.Channels - pad.Input.Channels),
        ResidualLayer residual => new Residual(Chain(residual.Layers), Chain(residual.Shortcut)),
        _ => throw new NotSupportedException(layer.GetType().Name),
    };

    private sealed class Padded(long channels) : nn.Module<Tensor, Tensor>(nameof(Padded))
    {
        public override Tensor forward(Tensor input) => nn.functional.pad(input, [0, 0, 0, 0, 0, channels]);
    }

    private sealed class Residual : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> main;
        private readonly nn.Module<Tensor, Tensor> shortcut;

        public Residual(nn.Module<Tensor, Tensor> main, nn.Module<Tensor, Tensor> shortcut)
            : base(nameof(Residual))
        {
            (this.main, this.shortcut) = (main, shortcut);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => main.forward(input) + shortcut.forward(input);
    }
}

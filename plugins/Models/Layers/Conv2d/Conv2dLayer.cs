using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>A convolution that fits its input; weight <c>[out, in, kernel, kernel]</c> and bias <c>[out]</c>.</summary>
internal sealed class Conv2dLayer : Layer
{
    private readonly ConvolutionShape shape;
    private readonly NamedTensor weight;
    private readonly NamedTensor? bias;

    private Conv2dLayer(ConvolutionShape shape, NamedTensor weight, NamedTensor? bias)
        : base(shape.Output) => (this.shape, this.weight, this.bias) = (shape, weight, bias);

    public int Padding => shape.Padding;

    public static Conv2dLayer Create(Conv2dOptions options, Volume input, LayerScope scope)
    {
        var shape = new ConvolutionShape(input, options.Channels, options.Kernel, options.Stride, options.Padding);
        if (shape.PaddedHeight < options.Kernel || shape.PaddedWidth < options.Kernel)
        {
            throw scope.Misfit("kernel", $"conv2d with kernel {options.Kernel} and padding {options.Padding} does not fit an input of {input}.");
        }

        var name = scope.NextName("conv");
        var weight = scope.Parameter($"{name}.weight", options.Channels, input.Channels, options.Kernel, options.Kernel);
        return new Conv2dLayer(shape, weight, options.Bias ? scope.Parameter($"{name}.bias", options.Channels) : null);
    }

    /// <summary>The same layer over an input that comes with its padding.</summary>
    public Conv2dLayer OverPaddedInput() =>
        new(shape with { Input = new Volume(shape.Input.Channels, shape.PaddedHeight, shape.PaddedWidth), Padding = 0 }, weight, bias);

    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers) =>
        UniformInitialization.Fill(random, parameters, shape.Input.Channels * shape.Kernel * shape.Kernel, weight, bias);

    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        var output = workspace.CreateActivation(shape.Output);
        return workspace.Append(new Conv2dOperation<TLanes>(workspace, shape, weight, bias, input, output), output, input);
    }
}

using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>A convolution (cross-correlation) that fits its input.</summary>
/// <param name="Shape">Its sizes.</param>
/// <param name="Weight"><c>[out, in, kernel, kernel]</c>.</param>
/// <param name="Bias"><c>[out]</c>, or null without one.</param>
public sealed record Conv2dLayer(ConvolutionShape Shape, NamedTensor Weight, NamedTensor? Bias) : Layer(Shape.Input, Shape.Output)
{
    /// <inheritdoc/>
    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers) =>
        UniformInitialization.Fill(random, parameters, Shape.Taps, Weight, Bias);

    internal static Conv2dLayer Create(Conv2dOptions options, Volume input, LayerScope scope)
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
}

using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>A fully connected layer that fits its input.</summary>
/// <param name="Inputs">Features that it takes.</param>
/// <param name="Outputs">Features that it gives.</param>
/// <param name="Weight"><c>[out, in]</c>.</param>
/// <param name="Bias"><c>[out]</c>, or null without one.</param>
public sealed record LinearLayer(int Inputs, int Outputs, NamedTensor Weight, NamedTensor? Bias)
    : Layer(new Volume(Inputs, 1, 1), new Volume(Outputs, 1, 1))
{
    /// <inheritdoc/>
    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers) =>
        UniformInitialization.Fill(random, parameters, Inputs, Weight, Bias);

    internal static LinearLayer Create(LinearOptions options, Volume input, LayerScope scope)
    {
        if (!input.IsFlat)
        {
            throw scope.Misfit("", $"linear takes features, not an image of {input}; put a flatten layer before it.");
        }

        var name = scope.NextName("fc");
        var weight = scope.Parameter($"{name}.weight", options.Features, input.Channels);
        return new LinearLayer(input.Channels, options.Features, weight, options.Bias ? scope.Parameter($"{name}.bias", options.Features) : null);
    }
}

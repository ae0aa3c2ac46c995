using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>A fully connected layer that fits its input; weight <c>[out, in]</c> and bias <c>[out]</c>.</summary>
internal sealed class LinearLayer : Layer
{
    private readonly int inputs;
    private readonly NamedTensor weight;
    private readonly NamedTensor? bias;

    private LinearLayer(int inputs, int outputs, NamedTensor weight, NamedTensor? bias)
        : base(new Volume(outputs, 1, 1)) => (this.inputs, this.weight, this.bias) = (inputs, weight, bias);

    public static LinearLayer Create(LinearOptions options, Volume input, LayerScope scope)
    {
        if (!input.IsFlat)
        {
            throw scope.Misfit("", $"linear takes features, not an image of {input}; put a flatten layer before it.");
        }

        var name = scope.NextName("fc");
        var weight = scope.Parameter($"{name}.weight", options.Features, input.Channels);
        return new LinearLayer(input.Channels, options.Features, weight, options.Bias ? scope.Parameter($"{name}.bias", options.Features) : null);
    }

    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers) =>
        UniformInitialization.Fill(random, parameters, inputs, weight, bias);

    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        var output = workspace.CreateActivation(Output);
        return workspace.Append(new LinearOperation<TLanes>(workspace, weight, bias, input, output), output, input);
    }
}

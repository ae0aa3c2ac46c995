using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>The function between the layers of a perceptron.</summary>
public enum MlpActivation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
}

/// <summary>A multi-layer perceptron over all inputs.</summary>
/// <param name="Hidden">Features of the hidden layers, first to last; null: one layer of
/// 128.</param>
/// <param name="Activation">Function after each hidden layer.</param>
public sealed record Mlp(
    [Description("Features of the hidden layers, first to last; absent: one layer of 128.")][Range(1, 1048576)][AlsoKnownAs("hiddenSizes", "hiddenSize", "hiddenUnits")] IReadOnlyList<int>? Hidden = null,
    [Description("Function after each hidden layer.")] MlpActivation Activation = MlpActivation.Relu) : Architecture
{
    private static readonly IReadOnlyList<int> DefaultHidden = [128];

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data)
    {
        LayerOptions activation = Activation == MlpActivation.Relu ? new ReluOptions() : new TanhOptions();
        var hidden = (Hidden ?? DefaultHidden).SelectMany(features => new[] { new LinearOptions(features), activation });
        return [new FlattenOptions(), .. hidden, new LinearOptions(data.Outputs)];
    }
}

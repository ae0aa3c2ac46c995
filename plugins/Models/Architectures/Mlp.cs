using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>The function between the layers of a perceptron.</summary>
public enum MlpActivation
{
    Relu,
    Tanh,
}

/// <summary>Options of <c>mlp</c>.</summary>
public sealed record MlpOptions(
    [Description("Features of the hidden layers, first to last; absent: one layer of 128.")][Range(1, 1048576)] IReadOnlyList<int>? Hidden = null,
    [Description("Function after each hidden layer.")] MlpActivation Activation = MlpActivation.Relu);

/// <summary>A multi-layer perceptron over all inputs.</summary>
[Description("Multi-layer perceptron over all inputs.")]
[Plugin("mlp")]
internal sealed class Mlp(MlpOptions options) : NetworkModel
{
    private static readonly IReadOnlyList<int> DefaultHidden = [128];

    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data)
    {
        LayerOptions activation = options.Activation == MlpActivation.Relu ? new ReluOptions() : new TanhOptions();
        var hidden = (options.Hidden ?? DefaultHidden).SelectMany(features => new[] { new LinearOptions(features), activation });
        return [new FlattenOptions(), .. hidden, new LinearOptions(data.Classes)];
    }
}

using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>Multinomial logistic regression: one linear layer over all inputs. Convex.</summary>
[Description("Multinomial logistic regression: one linear layer; convex.")]
[Plugin("softmax-regression")]
internal sealed class SoftmaxRegression : NetworkModel
{
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) => [new FlattenOptions(), new LinearOptions(data.Classes)];
}

using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>Multinomial logistic regression: one linear layer over all inputs. Convex.</summary>
[Plugin("softmax-regression")]
internal sealed class SoftmaxRegression : NetworkModel
{
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) => [new FlattenOptions(), new LinearOptions(data.Classes)];
}

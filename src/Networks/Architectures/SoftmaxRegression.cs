using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>Multinomial logistic regression: one linear layer over all inputs. Convex.</summary>
public sealed record SoftmaxRegression : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<LayerOptions> LayersFor(DatasetShape data) => [new FlattenOptions(), new LinearOptions(data.Outputs)];
}

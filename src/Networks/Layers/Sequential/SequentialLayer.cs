namespace Orchestrator.Networks;

/// <summary>Layers one behind the other.</summary>
/// <param name="Input">The shape of what it takes.</param>
/// <param name="Layers">First to last; none where it gives what it takes.</param>
public sealed record SequentialLayer(Volume Input, IReadOnlyList<Layer> Layers) : Layer(Input, Layers.Count == 0 ? Input : Layers[^1].Output)
{
    /// <inheritdoc/>
    public override bool NeedsWholeBatch => Layers.Any(layer => layer.NeedsWholeBatch);

    /// <inheritdoc/>
    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        foreach (var layer in Layers)
        {
            layer.Initialize(random, parameters, buffers);
        }
    }

    internal static SequentialLayer Create(SequentialOptions options, Volume input, LayerScope scope) =>
        new(input, LayerBuilder.Build(options.Layers, input, scope.Inside(scope.NextName("sequential")), "layers"));
}

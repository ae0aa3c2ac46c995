namespace Orchestrator.Networks;

/// <summary>The sum of two paths from one input that end in the same shape.</summary>
/// <param name="Input">The shape of what it takes.</param>
/// <param name="Layers">The block's layers, first to last; at least one.</param>
/// <param name="Shortcut">Layers of the shortcut; empty where it is the input itself.</param>
public sealed record ResidualLayer(Volume Input, IReadOnlyList<Layer> Layers, IReadOnlyList<Layer> Shortcut) : Layer(Input, Layers[^1].Output)
{
    /// <inheritdoc/>
    public override bool NeedsWholeBatch => Layers.Concat(Shortcut).Any(layer => layer.NeedsWholeBatch);

    /// <summary>The block's layers first, then the shortcut's.</summary>
    /// <inheritdoc/>
    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        foreach (var layer in Layers.Concat(Shortcut))
        {
            layer.Initialize(random, parameters, buffers);
        }
    }

    internal static ResidualLayer Create(ResidualOptions options, Volume input, LayerScope scope)
    {
        if (options.Layers.All(layer => layer is FlattenOptions or DropoutOptions { Rate: 0 }))
        {
            throw scope.Misfit("layers", "residual needs at least one layer that computes something.");
        }

        var inside = scope.Inside(scope.NextName("block"));
        var layers = LayerBuilder.Build(options.Layers, input, inside, "layers");
        var shortcut = LayerBuilder.Build(options.Shortcut ?? [], input, inside.Inside(inside.NextName("shortcut")), "shortcut");
        var sideways = shortcut.Count == 0 ? input : shortcut[^1].Output;
        return sideways == layers[^1].Output
            ? new ResidualLayer(input, layers, shortcut)
            : throw scope.Misfit("shortcut", $"residual adds {layers[^1].Output} (its layers) and {sideways} (its shortcut); they must be equal.");
    }
}

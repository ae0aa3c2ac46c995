namespace Orchestrator.Models;

/// <summary>A residual block whose two paths end in the same shape.</summary>
internal sealed class ResidualLayer : Layer
{
    private readonly IReadOnlyList<Layer> layers;
    private readonly IReadOnlyList<Layer> shortcut;

    private ResidualLayer(IReadOnlyList<Layer> layers, IReadOnlyList<Layer> shortcut)
        : base(layers[^1].Output) => (this.layers, this.shortcut) = (layers, shortcut);

    public override bool NeedsWholeBatch => layers.Concat(shortcut).Any(layer => layer.NeedsWholeBatch);

    public static ResidualLayer Create(ResidualOptions options, Volume input, LayerScope scope)
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
            ? new ResidualLayer(layers, shortcut)
            : throw scope.Misfit("shortcut", $"residual adds {layers[^1].Output} (its layers) and {sideways} (its shortcut); they must be equal.");
    }

    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        foreach (var layer in layers.Concat(shortcut))
        {
            layer.Initialize(random, parameters, buffers);
        }
    }

    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        // The shortcut first: what its end gives back is complete before the operations that it came from run backward.
        workspace.Share(input);
        var sideways = Path(shortcut, workspace, input);
        var sum = Path(layers, workspace, input);
        if (workspace.SoleProducer(sum) is IAddsShortcut adder and not IRectifies { Rectify: true } && adder.TryAdd(sideways))
        {
            return workspace.TakeIn(sum, sideways);
        }

        var output = workspace.CreateActivation(Output, sum.HasGradient || sideways.HasGradient);
        return workspace.Append(new AddOperation<TLanes>(sum, sideways, output), output, sum, sideways);
    }

    private static Activation Path<TLanes>(IReadOnlyList<Layer> layers, Workspace<TLanes> workspace, Activation input)
        where TLanes : unmanaged, ILanes<TLanes> =>
        layers.Aggregate(input, (activation, layer) => layer.Assemble(workspace, activation));
}

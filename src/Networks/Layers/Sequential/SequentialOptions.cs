using System.ComponentModel;

namespace Orchestrator.Networks;

/// <summary>Layers one behind the other as one layer, such as a branch of a concat.</summary>
public sealed record SequentialOptions(
    [Description("The block's layers, first to last; none: the input itself.")] IReadOnlyList<LayerOptions> Layers) : LayerOptions;

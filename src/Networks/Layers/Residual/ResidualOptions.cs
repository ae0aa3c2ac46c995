using System.ComponentModel;

namespace Orchestrator.Networks;

/// <summary>The sum of two paths from one input: the block's layers, and a shortcut.</summary>
public sealed record ResidualOptions(
    [Description("The block's layers, first to last.")] IReadOnlyList<LayerOptions> Layers,
    [Description("Layers of the shortcut; absent: the input itself.")] IReadOnlyList<LayerOptions>? Shortcut = null) : LayerOptions;

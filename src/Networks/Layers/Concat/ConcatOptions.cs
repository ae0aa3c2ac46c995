using System.ComponentModel;

namespace Orchestrator.Networks;

/// <summary>
/// Paths from one input side by side, whose channels stand one behind the other in the result: an
/// inception module.
/// </summary>
public sealed record ConcatOptions(
    [Description("The paths, at least two, in the order of their channels; a path of several layers is a sequential, an empty one the input itself.")] IReadOnlyList<LayerOptions> Branches) : LayerOptions;

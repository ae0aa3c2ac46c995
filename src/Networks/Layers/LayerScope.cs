using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// Where a layer stands: its path in JSON, the names of its tensors, and the table that they are
/// laid out in.
/// </summary>
internal sealed class LayerScope(string path, string prefix, TensorTable tensors)
{
    private readonly Dictionary<string, int> ordinals = [];

    public string Path => path;

    /// <summary><c>conv1</c>, <c>conv2</c>, ... within the surrounding block.</summary>
    public string NextName(string kind)
    {
        ordinals[kind] = ordinals.GetValueOrDefault(kind) + 1;
        return $"{prefix}{kind}{ordinals[kind]}";
    }

    public NamedTensor Parameter(string name, params int[] shape) => tensors.Parameters.Add(name, shape);

    public NamedTensor Buffer(string name, params int[] shape) => tensors.Buffers.Add(name, shape);

    /// <summary>The inside of a block, with names of its own.</summary>
    public LayerScope Inside(string blockName) => new(path, $"{blockName}.", tensors);

    /// <summary>The same block, at a layer's place.</summary>
    public LayerScope At(string layerPath) => new(layerPath, prefix, tensors, ordinals);

    public OptionException Misfit(string option, string message) => new(path.Length == 0 ? option : option.Length == 0 ? path : $"{path}.{option}", message);

    private LayerScope(string path, string prefix, TensorTable tensors, Dictionary<string, int> ordinals)
        : this(path, prefix, tensors) => this.ordinals = ordinals;
}

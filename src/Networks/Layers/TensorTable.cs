using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>Lays named tensors out one behind the other.</summary>
internal sealed class TensorList
{
    private readonly List<NamedTensor> tensors = [];
    private int length;

    public IReadOnlyList<NamedTensor> Tensors => tensors;

    public NamedTensor Add(string name, params int[] shape)
    {
        var tensor = new NamedTensor(name, shape, length);
        length = checked(length + tensor.Length);
        tensors.Add(tensor);
        return tensor;
    }
}

/// <summary>The tensors of a network under construction.</summary>
internal sealed class TensorTable
{
    public TensorList Parameters { get; } = new();

    public TensorList Buffers { get; } = new();

    public ParameterLayout Layout => new(Parameters.Tensors, Buffers.Tensors);
}

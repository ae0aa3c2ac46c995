namespace Orchestrator.Abstractions;

/// <summary>A tensor's place in a flat vector.</summary>
/// <param name="Name">As in the reference implementation, e.g. <c>conv1.weight</c>.</param>
/// <param name="Shape">E.g. <c>[out, in, height, width]</c>, row-major.</param>
/// <param name="Offset">Index of its first element.</param>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, int Offset)
{
    /// <summary>Number of elements: the product of the sizes, 1 for a scalar.</summary>
    public int Length { get; } = Shape.Aggregate(1, (product, size) => checked(product * size));
}

/// <summary>
/// The named tensors of a model: parameters in one flat vector, buffers (such as BatchNorm's
/// running statistics) in another.
/// </summary>
public sealed class ParameterLayout(IReadOnlyList<NamedTensor> parameters, IReadOnlyList<NamedTensor> buffers)
{
    /// <summary>
    /// The tensors of the parameter vector, in the order of their offsets, without gaps.
    /// </summary>
    public IReadOnlyList<NamedTensor> Parameters { get; } = parameters;

    /// <summary>
    /// The tensors of the buffer vector, in the order of their offsets, without gaps.
    /// </summary>
    public IReadOnlyList<NamedTensor> Buffers { get; } = buffers;

    /// <summary>Number of parameters, k.</summary>
    public int Length { get; } = parameters.Sum(t => t.Length);

    /// <summary>
    /// Number of buffer elements; they travel behind the parameters and behind the gradient.
    /// </summary>
    public int BufferLength { get; } = buffers.Sum(t => t.Length);
}

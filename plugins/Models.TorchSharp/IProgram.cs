using Orchestrator.Abstractions;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// What a replica computes: tensors of its own, and the way from inputs to outputs through them.
/// </summary>
internal interface IProgram : IDisposable
{
    /// <summary>What a message calls it.</summary>
    string Name { get; }

    ParameterLayout Layout { get; }

    /// <summary>Leaves that a gradient is taken to, in the layout's order.</summary>
    IList<Tensor> Parameters { get; }

    /// <summary>Brings the server's values into the program's tensors.</summary>
    void Load(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers);

    /// <summary>The outputs of a batch, <c>[samples, classes]</c>.</summary>
    /// <param name="inputs"><c>[samples, ...]</c>, on the device.</param>
    /// <param name="random">The batch's stream; null in an evaluation.</param>
    Tensor Forward(Tensor inputs, Random? random);

    /// <summary>What the last training pass made of the buffers.</summary>
    void ReadBuffers(Span<float> buffers);
}

using Orchestrator.Abstractions;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp;

/// <summary>A module of somebody else's as a replica's program.</summary>
internal sealed class ModuleProgram : IProgram
{
    private readonly nn.Module module;
    private readonly Func<Tensor, Tensor> forward;
    private readonly bool draws;
    private readonly Tensor[] buffers;

    // Frozen parameters, counters and the like: as in the file before every pass, so that a result
    // depends on nothing that a replica did before.
    private readonly (Tensor Tensor, byte[] Values)[] others;

    /// <param name="name">What a message calls it.</param>
    /// <param name="module">Owned.</param>
    /// <param name="forward">From inputs to outputs.</param>
    /// <param name="layout">Of the parameters that it trains, and of its float32 buffers.</param>
    /// <param name="draws">Whether its forward pass in training draws from libtorch's
    /// generator.</param>
    public ModuleProgram(string name, nn.Module module, Func<Tensor, Tensor> forward, ParameterLayout layout, bool draws)
    {
        (Name, this.module, this.forward, this.draws, Layout) = (name, module, forward, draws, layout);
        var named = module.named_buffers().ToDictionary(pair => pair.name, pair => pair.buffer);
        buffers = [.. layout.Buffers.Select(place => named[place.Name])];
        var parameters = module.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
        Parameters = [.. layout.Parameters.Select(place => parameters[place.Name])];
        var frozen = parameters.Values.Where(parameter => !parameter.requires_grad);
        others = [.. named.Values.Except(buffers).Concat(frozen).Select(tensor => (tensor, BytesOf(tensor)))];
    }

    public string Name { get; }

    public ParameterLayout Layout { get; }

    public IList<Tensor> Parameters { get; }

    public void Load(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers)
    {
        using var _ = no_grad();
        Fill(Parameters, Layout.Parameters, parameters);
        Fill(this.buffers, Layout.Buffers, buffers);
        foreach (var (tensor, values) in others)
        {
            HostTensor.Write(tensor, values);
        }
    }

    public Tensor Forward(Tensor inputs, Random? random)
    {
        module.train(random is not null);
        return random is not null && draws ? GlobalGenerator.Seeded(random.NextInt64(), () => forward(inputs)) : forward(inputs);
    }

    public void ReadBuffers(Span<float> into)
    {
        for (var i = 0; i < buffers.Length; i++)
        {
            HostTensor.Read(buffers[i], into.Slice(Layout.Buffers[i].Offset, Layout.Buffers[i].Length));
        }
    }

    public void Dispose() => module.Dispose();

    private static byte[] BytesOf(Tensor tensor)
    {
        using var near = tensor.cpu().contiguous();
        return near.bytes.ToArray();
    }

    private static void Fill(IList<Tensor> tensors, IReadOnlyList<NamedTensor> places, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            HostTensor.Write(tensors[i], System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.Slice(places[i].Offset, places[i].Length)));
        }
    }
}

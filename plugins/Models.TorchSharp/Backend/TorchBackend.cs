using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// Computes networks with libtorch. Parameter names, layout, initial values and dropout masks are
/// those of every backend; sums are libtorch's own, so bits are equal only for equal builds of it
/// on equal processors.
/// </summary>
[Description("Computes with libtorch by TorchSharp, on the processor or a CUDA device.")]
[Plugin("torch")]
internal sealed class TorchBackend(TorchOptions options) : INetworkBackend
{
    public IObjective Build(Network network) => new TorchNetworkObjective(network, TorchDevice.Open(options.Device));
}

/// <summary>A network that libtorch computes.</summary>
internal sealed class TorchNetworkObjective(Network network, TorchDevice device) : NetworkObjective(network)
{
    // Held by the allocator for intermediate results, by observation at batch 32 of the shipped
    // models, beside what is counted; a core has two replicas.
    private const long AllocatorBytes = 32 << 20;

    public override string KernelPath => device.KernelPath;

    public override IReplica CreateReplica(int largestBatch)
    {
        var input = Network.Input;
        return new TorchReplica(
            new NetworkProgram(Network, device, largestBatch), device, input.IsFlat ? [input.Channels] : [input.Channels, input.Height, input.Width],
            Network.Values > 0 ? Network.Values : Network.Classes, Network.Values > 0, ClassLoss.CrossEntropy, largestBatch);
    }

    // Parameters with their gradient; each layer's result, its gradient, and one copy that an
    // operation may make.
    public override long ReplicaBytes(int largestBatch) =>
        AllocatorBytes + (8L * Layout.Length) + (12L * largestBatch * Floats(Network.Layers)) + (4L * largestBatch * Network.Input.Length);

    private static long Floats(IReadOnlyList<Layer> layers) =>
        layers.Sum(layer => layer.Output.Length + layer switch
        {
            ResidualLayer residual => Floats(residual.Layers) + Floats(residual.Shortcut),
            ConcatLayer concat => concat.Branches.Sum(Floats),
            SequentialLayer block => Floats(block.Layers),
            _ => 0,
        });
}

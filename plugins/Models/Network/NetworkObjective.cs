using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>A network with softmax cross-entropy, computed by the managed kernels of one width.</summary>
internal sealed class NetworkObjective(NetworkPlan plan, KernelPath path) : IObjective
{
    public ParameterLayout Layout => plan.Layout;

    public string KernelPath => KernelPaths.NameOf(path);

    public void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        foreach (var layer in plan.Layers)
        {
            layer.Initialize(random, parameters, buffers);
        }
    }

    public IReplica CreateReplica(int largestBatch) => path switch
    {
        Models.KernelPath.Avx512 => new Network<Lanes512>(plan, largestBatch),
        Models.KernelPath.Avx2 => new Network<Lanes256>(plan, largestBatch),
        Models.KernelPath.Vector128 => new Network<Lanes128>(plan, largestBatch),
        _ => new Network<Lanes1>(plan, largestBatch),
    };

    // Counted on a replica made for the purpose: its pages are not taken from the system before they are touched.
    public long ReplicaBytes(int largestBatch)
    {
        using var replica = CreateReplica(largestBatch);
        return replica is IMeasured measured ? measured.Bytes : 0;
    }
}

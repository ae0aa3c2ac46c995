using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// Computes networks by this assembly's own kernels, at the widest vectors of the processor.
/// </summary>
internal sealed class ManagedBackend : INetworkBackend
{
    public IObjective Build(Network network) => new ManagedObjective(network, VectorPaths.Choose());
}

/// <summary>
/// A network computed by the kernels of one width; results are the same at every width.
/// </summary>
internal sealed class ManagedObjective(Network network, VectorPath path) : NetworkObjective(network)
{
    public override string KernelPath => VectorPaths.KernelPath;

    public override string Vectors => VectorPaths.NameOf(path);

    public override IReplica CreateReplica(int largestBatch) => path switch
    {
        VectorPath.Avx512 => new NetworkReplica<Lanes512>(Network, largestBatch),
        VectorPath.Avx2 => new NetworkReplica<Lanes256>(Network, largestBatch),
        VectorPath.Vector128 => new NetworkReplica<Lanes128>(Network, largestBatch),
        _ => new NetworkReplica<Lanes1>(Network, largestBatch),
    };

    // Counted on a replica made for the purpose: its pages are not taken from the system before
    // they are touched.
    public override long ReplicaBytes(int largestBatch)
    {
        using var replica = (INetworkReplica)CreateReplica(largestBatch);
        return replica.Bytes;
    }
}

using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>A network's replica, whatever its width.</summary>
internal interface INetworkReplica : IReplica
{
    /// <summary>Bytes of native memory that it holds.</summary>
    long Bytes { get; }
}

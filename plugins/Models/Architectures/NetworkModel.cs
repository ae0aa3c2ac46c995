using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>A model of a known architecture, computed by the managed kernels.</summary>
internal abstract class NetworkModel(Architecture architecture) : INetworkModel
{
    public Network Describe(DatasetShape data) => architecture.Describe(data);

    public IObjective Build(DatasetShape data) => new ManagedBackend().Build(Describe(data));
}

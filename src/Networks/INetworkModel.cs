using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// A model that says what it is: any <see cref="INetworkBackend"/> can compute it.
/// </summary>
public interface INetworkModel : IModel
{
    /// <summary>The network for data of a shape; allocates nothing large.</summary>
    /// <exception cref="OptionException">It does not fit the data.</exception>
    Network Describe(DatasetShape data);
}

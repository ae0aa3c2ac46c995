using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// Something that computes networks: the managed kernels, a tensor library, a device.
/// </summary>
public interface INetworkBackend
{
    /// <summary>Gets ready for a network; allocates nothing large.</summary>
    /// <param name="network">Fitted to its data.</param>
    /// <returns>Best derived from <see cref="NetworkObjective"/>, so that backends agree in all but
    /// their arithmetic.</returns>
    /// <exception cref="OptionException">The backend cannot compute this network here; the message
    /// says why.</exception>
    IObjective Build(Network network);
}

namespace Orchestrator.Models;

/// <summary>
/// An operation that can add another activation to its own output, in the pass that writes it.
/// </summary>
internal interface IFusesShortcut
{
    /// <summary>True if it will add the activation; false if it cannot.</summary>
    bool TryAdd(Activation addend);
}

namespace Orchestrator.Models;

/// <summary>
/// An operation that can apply a rectifier to its own output, in the pass that writes it.
/// </summary>
internal interface IFusesRelu
{
    bool Rectify { get; set; }
}

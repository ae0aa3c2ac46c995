namespace Orchestrator.Models;

/// <summary>Hyperbolic tangent.</summary>
public sealed record TanhOptions : LayerOptions;

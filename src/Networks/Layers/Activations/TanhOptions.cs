namespace Orchestrator.Networks;

/// <summary>Hyperbolic tangent.</summary>
public sealed record TanhOptions : LayerOptions;

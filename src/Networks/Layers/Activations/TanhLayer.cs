namespace Orchestrator.Networks;

/// <summary>The hyperbolic tangent of each value.</summary>
/// <param name="Input">The shape of what it takes and gives.</param>
public sealed record TanhLayer(Volume Input) : Layer(Input, Input);

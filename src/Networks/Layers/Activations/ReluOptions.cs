namespace Orchestrator.Networks;

/// <summary>Negative values become zero.</summary>
public sealed record ReluOptions : LayerOptions;

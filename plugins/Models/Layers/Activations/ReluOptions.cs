namespace Orchestrator.Models;

/// <summary>Negative values become zero.</summary>
public sealed record ReluOptions : LayerOptions;

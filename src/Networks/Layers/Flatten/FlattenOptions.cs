namespace Orchestrator.Networks;

/// <summary>An image becomes features, channel by channel.</summary>
public sealed record FlattenOptions : LayerOptions;

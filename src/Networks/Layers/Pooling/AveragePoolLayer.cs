namespace Orchestrator.Networks;

/// <summary>
/// The mean of each window; one window over the whole image where the pooling is global.
/// </summary>
/// <param name="Shape">The windows.</param>
public sealed record AveragePoolLayer(PoolShape Shape) : Layer(Shape.Input, Shape.Output);

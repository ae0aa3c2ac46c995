namespace Orchestrator.Networks;

/// <summary>
/// The largest value of each window; its gradient goes to the first of equal ones, line by line.
/// </summary>
/// <param name="Shape">The windows.</param>
public sealed record MaxPoolLayer(PoolShape Shape) : Layer(Shape.Input, Shape.Output);

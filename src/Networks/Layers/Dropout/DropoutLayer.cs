namespace Orchestrator.Networks;

/// <summary>
/// Dropout of its input's shape. Which values stay is fixed by the batch's stream and
/// <see cref="DropoutMask"/>, so that it is the same on every backend; a layer of rate 0 changes
/// nothing and draws nothing.
/// </summary>
/// <param name="Input">The shape of what it takes and gives.</param>
/// <param name="Rate">Probability of a value to become zero, 0 to 0.999; the others are divided by
/// 1 - rate.</param>
public sealed record DropoutLayer(Volume Input, double Rate) : Layer(Input, Input);

namespace Orchestrator.Networks;

/// <summary>
/// An image as features in channel-major order, <c>[channel][line][place]</c>, as in the reference
/// implementations.
/// </summary>
/// <param name="Input">The shape of what it takes.</param>
public sealed record FlattenLayer(Volume Input) : Layer(Input, new Volume(Input.Length, 1, 1));

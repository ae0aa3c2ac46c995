namespace Orchestrator.Networks;

/// <summary>A rectifier: max(0, x). Its gradient at zero is zero.</summary>
/// <param name="Input">The shape of what it takes and gives.</param>
public sealed record ReluLayer(Volume Input) : Layer(Input, Input);

namespace Orchestrator.Statistics;

/// <summary>One run of an experiment on where variance comes from.</summary>
/// <param name="Levels">Its level of each factor: initialisation 3, order 0, ...; equal numbers are
/// equal levels.</param>
/// <param name="Value">The metric; null for a run that did not converge.</param>
public sealed record FactorRun(IReadOnlyList<long> Levels, double? Value);

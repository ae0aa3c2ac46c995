namespace Orchestrator.Statistics;

/// <summary>What a paper prints for a cell.</summary>
/// <param name="Value">The published mean, or the one run's value; null for a published run that
/// did not converge.</param>
/// <param name="N">Runs behind it; most tables have one.</param>
/// <param name="StandardDeviation">Of the published runs; null where it is not said, and then taken
/// to be as measured here.</param>
/// <param name="WithoutConvergence">Published runs besides, that did not converge.</param>
public sealed record PublishedValue(double? Value, int N = 1, double? StandardDeviation = null, int WithoutConvergence = 0);

namespace Orchestrator.Statistics;

/// <summary>Two cells that are to be compared.</summary>
/// <param name="A">Name of the first variant.</param>
/// <param name="B">Name of the second.</param>
/// <param name="Environment">What both share, such as <c>workers.count = 5</c>; empty where there
/// is nothing to say.</param>
/// <param name="OfA">The first variant's runs.</param>
/// <param name="OfB">The second's.</param>
public sealed record Pairing(string A, string B, string Environment, IReadOnlyList<SeedResult> OfA, IReadOnlyList<SeedResult> OfB);

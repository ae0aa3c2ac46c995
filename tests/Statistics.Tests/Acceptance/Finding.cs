namespace Orchestrator.Statistics.Tests.Acceptance;

/// <summary>One simulated number beside what is wanted of it.</summary>
/// <param name="What">What was simulated.</param>
/// <param name="Wanted">What is wanted; "reported" where the number is only told.</param>
/// <param name="Measured">What came out.</param>
/// <param name="Holds">Whether it is as wanted; null where nothing is wanted.</param>
internal sealed record Finding(string What, string Wanted, string Measured, bool? Holds);

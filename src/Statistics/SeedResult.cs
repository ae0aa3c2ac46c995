namespace Orchestrator.Statistics;

/// <summary>What one run of a cell came to.</summary>
/// <param name="Key">Its seed, which pairs it with runs of other variants.</param>
/// <param name="Value">The metric; null for a run that did not converge (NC), which is counted and
/// never averaged.</param>
public readonly record struct SeedResult(SeedKey Key, double? Value)
{
    /// <summary>A run that converged.</summary>
    public static SeedResult Of(long seed, double value) => new(new(seed), value);

    /// <summary>A run that did not converge.</summary>
    public static SeedResult NoConvergence(long seed) => new(new(seed), null);

    /// <summary>Whether the run converged; a value that is not finite did not.</summary>
    public bool Converged => Value is { } value && double.IsFinite(value);
}

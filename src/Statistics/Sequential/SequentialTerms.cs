namespace Orchestrator.Statistics;

/// <summary>What <c>seeds until decided</c> goes by.</summary>
public sealed record SequentialTerms
{
    /// <summary>Differences within this, in the metric's unit, do not matter; above 0.</summary>
    public double Delta { get; init; } = ComparisonTerms.DeltaOfAccuracy;

    /// <summary>Whether a larger value is the better one.</summary>
    public bool HigherIsBetter { get; init; } = true;

    /// <summary>Number of comparisons that share the 5 %; at least 1.</summary>
    public int Family { get; init; } = 1;

    /// <summary>Nothing is decided before so many seeds; at least 5.</summary>
    public int SmallestN { get; init; } = ComparisonTerms.SmallestN;

    /// <summary>The largest number of seeds; what is open then stays open.</summary>
    public int LargestN { get; init; } = 40;

    /// <summary>
    /// Variance of the prior on the effect size: small finds small effects sooner and large ones
    /// later.
    /// </summary>
    public double G { get; init; } = 1;

    /// <summary>The e-value at which a comparison is decided: family / 0.05.</summary>
    public double Threshold => Family / ComparisonTerms.Level;
}

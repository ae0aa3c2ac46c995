namespace Orchestrator.Statistics;

/// <summary>What a family of comparisons goes by.</summary>
public sealed record ComparisonTerms
{
    /// <summary>No verdict below so many seeds on which both converged.</summary>
    public const int SmallestN = 5;

    /// <summary>The chance of any false "better" in the family.</summary>
    public const double Level = 0.05;

    /// <summary>The power that forecasts name.</summary>
    public const double Power = 0.8;

    /// <summary>Points of accuracy that do not matter, where nobody says otherwise.</summary>
    public const double DeltaOfAccuracy = 0.5;

    /// <summary>
    /// Differences within this, in the metric's unit, do not matter; 0 where every difference does.
    /// </summary>
    public double Delta { get; init; } = DeltaOfAccuracy;

    /// <summary>Whether a larger value is the better one.</summary>
    public bool HigherIsBetter { get; init; } = true;

    /// <summary>A verdict from the side that has the better mean.</summary>
    /// <param name="meanDifference">Mean of a - b.</param>
    /// <param name="byLess">Whether it is better by less than delta.</param>
    internal Verdict Better(double meanDifference, bool byLess) =>
        (meanDifference > 0) == HigherIsBetter
            ? byLess ? Verdict.ABetterByLess : Verdict.ABetter
            : byLess ? Verdict.BBetterByLess : Verdict.BBetter;
}

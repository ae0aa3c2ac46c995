namespace Orchestrator.Statistics;

/// <summary>What a comparison came to.</summary>
public enum Verdict
{
    /// <summary>Too few seeds on which both converged: no verdict below five.</summary>
    TooFewSeeds,

    /// <summary>Neither is shown to be better, nor are they shown to be equivalent.</summary>
    NotDistinguishable,

    /// <summary>The difference lies within the tolerance.</summary>
    Equivalent,

    /// <summary>A is better.</summary>
    ABetter,

    /// <summary>B is better.</summary>
    BBetter,

    /// <summary>A is better, by less than the tolerance.</summary>
    ABetterByLess,

    /// <summary>B is better, by less than the tolerance.</summary>
    BBetterByLess,
}

namespace Orchestrator.Statistics;

/// <summary>Published against measured.</summary>
public enum PublishedVerdict
{
    /// <summary>Fewer than five seeds converged here.</summary>
    TooFewSeeds,

    /// <summary>The published number of runs can show neither.</summary>
    NotDecidable,

    /// <summary>The difference lies within the tolerance.</summary>
    Agrees,

    /// <summary>Published runs would hardly lie so far from those measured here.</summary>
    Differs,
}

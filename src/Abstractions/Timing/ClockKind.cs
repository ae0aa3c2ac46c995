namespace Orchestrator.Abstractions;

/// <summary>What decides in which order arrivals are taken.</summary>
public enum ClockKind
{
    /// <summary>Drawn times: nothing sleeps, and the result is exact.</summary>
    Virtual,

    /// <summary>Real time: as they come.</summary>
    Wall,
}

using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>Told what a claimant does. Called by the claimant's threads.</summary>
public interface IClaimantListener
{
    /// <summary>A run begins, or goes on where another attempt ended.</summary>
    void Began(WantedRun run, int claim, bool goesOn);

    /// <summary>A run trains; looking at it can neither slow nor change it.</summary>
    /// <returns>Disposed of when training ends.</returns>
    IDisposable Show(RunView run);

    /// <summary>
    /// A run has ended: it completed, paused, failed, was interrupted, or is somebody else's now.
    /// </summary>
    void Ended(WantedRun run, int claim, RunEnd end, string? message);

    /// <summary>Something worth knowing.</summary>
    void Note(string text);

    /// <summary>Something is wrong that ends no run.</summary>
    void Warn(string text);
}

/// <summary>How a claimant's attempt at a run ended.</summary>
public enum RunEnd
{
    /// <summary>It completed, or diverged, which is a result too.</summary>
    Completed,

    /// <summary>It reached the mark at which it was to pause.</summary>
    Paused,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was told to stop, and left a checkpoint.</summary>
    Interrupted,

    /// <summary>Somebody took its process for dead and has the run.</summary>
    Succeeded,
}

/// <summary>How a claimant ended.</summary>
public enum ClaimantEnd
{
    /// <summary>Nothing is left to run.</summary>
    NothingLeft,

    /// <summary>It was told to stop.</summary>
    Stopped,

    /// <summary>The folder of runs cannot be written: the disk is full, or gone.</summary>
    NoRoom,

    /// <summary>A file that its runs read was edited; whoever listens was told which.</summary>
    Edited,

    /// <summary>Its time is over, or has become too short for any run that is left.</summary>
    OutOfTime,

    /// <summary>Its time was too short for any run that is left from the beginning.</summary>
    NothingFits,
}

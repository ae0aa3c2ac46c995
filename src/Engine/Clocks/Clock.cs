namespace Orchestrator.Engine;

/// <summary>Decides one thing: in which order arrivals are taken. Times are nanoseconds from the run's start.</summary>
internal abstract class Clock
{
    /// <summary>Time now: of the last arrival taken (virtual), or since the start (wall).</summary>
    public abstract long Now { get; }

    /// <summary>Begins a flight that was pulled now.</summary>
    /// <param name="flight">With who, what and on which version filled in.</param>
    /// <param name="durations">Its drawn durations.</param>
    public abstract void Start(InFlightPush flight, in Durations durations);

    /// <summary>Goes on at a time of an earlier process; before anything else.</summary>
    public abstract void ContinueAt(long time);

    /// <summary>Takes up a flight of an earlier process, with its times filled in.</summary>
    public abstract void Continue(InFlightPush flight);

    /// <summary>The next arrival, with its result.</summary>
    /// <param name="deadline">Time after which none is taken.</param>
    /// <returns>Null when the deadline comes first, <see cref="Interrupt"/> was called, or nothing is in flight.</returns>
    public abstract InFlightPush? Next(long deadline);

    /// <summary>Ends a flight that has not been taken.</summary>
    /// <returns>Whether it can be reused at once; otherwise a host holds it, and the dispatcher says when it has come back.</returns>
    public abstract bool Cancel(InFlightPush flight);

    /// <summary>Time at which a flight was cancelled; asked when it is.</summary>
    public virtual long CancelledAt(InFlightPush flight) => Now;

    /// <summary>Time of an evaluation.</summary>
    /// <param name="version">The version that is evaluated.</param>
    /// <param name="events">Pulls and arrivals so far.</param>
    public virtual long EvaluatedAt(long version, long events) => Now;

    /// <summary>Makes <see cref="Next"/> return null from now on; from any thread.</summary>
    public abstract void Interrupt();

    /// <summary>Real time for which the server waited with nothing to compute, ns; 0 on the wall clock.</summary>
    public virtual long Waited => 0;

    /// <summary>What the clock has to say about the run's timing; empty when nothing.</summary>
    public virtual IReadOnlyList<string> Report() => [];
}

/// <summary>Drawn durations of one push, ns.</summary>
/// <param name="Compute">At least 1 on the virtual clock; 0 where none is drawn.</param>
/// <param name="Added">Added delay.</param>
/// <param name="Network">Time on the wire.</param>
internal readonly record struct Durations(long Compute, long Added, long Network)
{
    public long Total => Compute + Added + Network;
}

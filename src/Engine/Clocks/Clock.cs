namespace Orchestrator.Engine;

/// <summary>
/// Decides one thing: in which order arrivals are taken. Times are nanoseconds from the run's
/// start.
/// </summary>
internal abstract class Clock
{
    /// <summary>Time now: of the last arrival taken (virtual), or since the start (wall).</summary>
    public abstract long Now { get; }

    /// <summary>A push begins that was pulled now.</summary>
    /// <param name="push">With who, what and on which version filled in.</param>
    /// <param name="durations">Its drawn durations.</param>
    public abstract void Start(InFlightPush push, in Durations durations);

    /// <summary>Goes on at a time of an earlier process; before anything else.</summary>
    public abstract void ContinueAt(long time);

    /// <summary>A push of an earlier process goes on, with its times filled in.</summary>
    public abstract void Continue(InFlightPush push);

    /// <summary>The next arrival, with its result, or whatever else happened before it.</summary>
    /// <param name="deadline">Time after which nothing arrives.</param>
    /// <param name="next">What happened; never <see cref="ServerEventKind.Completed"/>.</param>
    /// <returns>False when the deadline comes first, <see cref="Interrupt"/> was called, or nothing
    /// is in flight.</returns>
    public abstract bool Next(long deadline, out ServerEvent next);

    /// <summary>Ends a push that has not arrived.</summary>
    /// <returns>Whether it can be reused at once; otherwise a host holds it, and
    /// <see cref="ServerEventKind.Withdrawn"/> says when it does not.</returns>
    public abstract bool Cancel(InFlightPush push);

    /// <summary>Time at which a push was cancelled; asked when it is.</summary>
    public virtual long CancelledAt(InFlightPush push) => Now;

    /// <summary>Time of an evaluation.</summary>
    /// <param name="version">The version that is evaluated.</param>
    /// <param name="events">Pulls and arrivals so far.</param>
    public virtual long EvaluatedAt(long version, long events) => Now;

    /// <summary>Makes <see cref="Next"/> return false from now on; from any thread.</summary>
    public abstract void Interrupt();

    /// <summary>
    /// Real time for which the server waited with nothing to compute, ns; 0 on the wall clock.
    /// </summary>
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
    public long Total => checked(Compute + Added + Network);
}

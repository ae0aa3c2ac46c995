using System.Diagnostics;

namespace Orchestrator.Abstractions;

/// <summary>
/// Watches a run. The engine calls it after the recorder, from one thread at a time, though not
/// always the same: an implementation must return at once
/// and must not throw, for it may neither slow nor change the run.
/// </summary>
public interface IRunObserver
{
    /// <summary>A push arrived, or was cancelled.</summary>
    void Pushed(in PushRecord record, in PushTimes times);

    /// <summary>The parameters were evaluated.</summary>
    void Evaluated(in EvaluationRecord record);

    /// <summary>A host joined, or something else worth telling happened.</summary>
    void Happened(RunEvent record);
}

/// <summary>
/// Real times of one push: monotonic, ns from an arbitrary start, 0 where a stage was not reached.
/// Outside the digest.
/// </summary>
public readonly record struct PushTimes
{
    /// <summary>The server fixed what the worker is sent.</summary>
    public long Pulled { get; init; }

    /// <summary>The server handed the work to the transport.</summary>
    public long Posted { get; init; }

    /// <summary>A core began to compute it.</summary>
    public long Started { get; init; }

    /// <summary>The computation ended.</summary>
    public long Computed { get; init; }

    /// <summary>The server's process had the result.</summary>
    public long Received { get; init; }

    /// <summary>The server took the arrival.</summary>
    public long Taken { get; init; }

    /// <summary>The server had applied, buffered or dropped it.</summary>
    public long Handled { get; init; }

    /// <summary>Time that the work waited at its host for a core.</summary>
    public long HostQueue { get; init; }

    /// <summary>
    /// The span that began at the pull, where the work went to another process with it; not ended.
    /// </summary>
    public Activity? Pull { get; init; }

    /// <summary>Id of the host's own span of the push; 0 where it makes none.</summary>
    public ulong PushSpan { get; init; }

    /// <summary>
    /// From the hand-over to the result in the server's process, less the host's own part; 0 within
    /// one process.
    /// </summary>
    public long Wire => Computed == 0 ? 0 : Math.Max(0, Received - Posted - HostQueue - (Computed - Started));

    /// <summary>Waiting for a core, and for the server to take the result.</summary>
    public long Queue => Computed == 0 ? 0 : Math.Max(0, HostQueue + Taken - Received);
}

using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// A push from the pull that begins it to its arrival or cancellation. One per computing worker,
/// pooled.
/// </summary>
internal sealed class InFlightPush
{
    public int Worker;
    public long Gradient;
    public long Batch;
    public int Samples;
    public long Version;
    public long PullEvent;
    public double LearningRate;

    /// <summary>The vector that the worker was sent.</summary>
    public ParameterSnapshot Sent = null!;

    // Clock times, ns from the run's start. On the virtual clock ArrivesAt is known at the pull.
    public long PulledAt;
    public long ArrivesAt;

    /// <summary>
    /// Place in the order of arrivals: a time, or where a recorded schedule is followed the
    /// arrival's event number.
    /// </summary>
    public long Due;

    // Wall clock: when the work may be handed out, and what the computation must last at least.
    public long StartsAt;
    public long Floor;

    /// <summary>0 while the work has not been handed out.</summary>
    public long Ticket;

    /// <summary>Whether its cancellation was asked for while a host held it.</summary>
    public bool IsCancelled;

    /// <summary>Gradient, buffers, state; null until the host has completed it.</summary>
    public NativeVector? Result;

    public double Loss;
    public long ComputeTime;
    public int Host;

    /// <summary>
    /// Real times up to the result's coming; kept only where the run is observed.
    /// </summary>
    public PushTimes Times
    {
        get => times?.Value ?? default;
        set => (times ??= new StrongBox<PushTimes>()).Value = value;
    }

    private StrongBox<PushTimes>? times;

    /// <summary>
    /// Fetches its cache lines: references lie first, then what is long, then what is short.
    /// </summary>
    public void Prefetch()
    {
        CacheLines.Fetch(ref Sent);
        CacheLines.Fetch(ref PulledAt);
        CacheLines.Fetch(ref Worker);
    }
}

/// <summary>
/// What a worker was sent (parameters and buffers), shared by every push that was sent the same.
/// </summary>
internal sealed class ParameterSnapshot(NativeVector vector)
{
    public readonly NativeVector Vector = vector;

    public int References;

    /// <summary>Names the contents; never used twice.</summary>
    public long Number;
}

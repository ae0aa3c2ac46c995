using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// What the server knows of each worker, who computes, and the rule states as of each worker's last
/// push.
/// </summary>
internal sealed class WorkerTable(int workers, int stateLength) : IDisposable
{
    private readonly WorkerState[] states = new WorkerState[workers];
    private readonly WorkerVectors? ruleStates = stateLength > 0 ? new WorkerVectors(stateLength, workers) : null;
    private readonly Stack<InFlightPush> spare = [];

    public int Count => states.Length;

    /// <summary>Workers that compute.</summary>
    public int Computing { get; private set; }

    /// <summary>Workers that have made their passes, or were never there.</summary>
    public int Left => states.Count(state => state.HasLeft);

    /// <summary>Those of them that the consistency model has not been told of.</summary>
    public Queue<int> Leaving { get; } = [];

    public ref WorkerState this[int worker] => ref states[worker];

    /// <summary>The worker rule's state; null without one.</summary>
    public NativeVector? RuleState(int worker) => ruleStates?[worker];

    /// <summary>A push object to fill in, which <see cref="Recycle"/> takes back.</summary>
    public InFlightPush NewPush() => spare.TryPop(out var free) ? free : new InFlightPush();

    /// <summary>
    /// Only when no host holds the push any more: until then what was sent must stay as it is.
    /// </summary>
    public void Recycle(InFlightPush push)
    {
        push.IsCancelled = false;
        push.Sent = null!;
        spare.Push(push);
    }

    /// <summary>A worker computes from here on.</summary>
    public void Begin(InFlightPush push)
    {
        states[push.Worker].Push = push;
        Computing++;
    }

    /// <summary>A worker's push has arrived or was cancelled.</summary>
    public void End(InFlightPush push)
    {
        states[push.Worker].Push = null;
        Computing--;
    }

    /// <summary>A worker has made its passes, or is absent from the beginning.</summary>
    public void Leave(int worker)
    {
        states[worker].HasLeft = true;
        Leaving.Enqueue(worker);
    }

    /// <summary>
    /// Keeps the rule's state that an arrived push brings, so that a cancelled or lost gradient
    /// leaves no trace.
    /// </summary>
    public void KeepRuleState(InFlightPush push)
    {
        if (ruleStates is not null)
        {
            push.Result!.Span[^stateLength..].CopyTo(ruleStates[push.Worker].Span);
        }
    }

    /// <summary>Sum over the pushes in flight of (version - version pulled).</summary>
    public long InFlightStaleness(long version)
    {
        var sum = 0L;
        foreach (ref readonly var state in states.AsSpan())
        {
            sum += state.Push is { } push ? version - push.Version : 0;
        }

        return sum;
    }

    public void SaveRuleStates(Stream stream) => ruleStates?.Save(stream);

    public void RestoreRuleStates(Stream stream) => ruleStates?.Restore(stream);

    public void Dispose() => ruleStates?.Dispose();
}

/// <summary>What the server knows of a worker, in one place of memory.</summary>
internal struct WorkerState
{
    /// <summary>Its push in flight; null while it waits or has left.</summary>
    public InFlightPush? Push;

    /// <summary>Number of its next push.</summary>
    public long NextGradient;

    /// <summary>Number of its next batch, counted over passes.</summary>
    public long NextBatch;

    /// <summary>Of its last arrival.</summary>
    public long LastStaleness;

    /// <summary>Whether it has made its passes, or was never there.</summary>
    public bool HasLeft;
}

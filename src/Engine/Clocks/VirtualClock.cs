namespace Orchestrator.Engine;

/// <summary>Arrivals by drawn time, ties by worker.</summary>
internal sealed class VirtualClock(Dispatcher dispatcher, WorkerTable workers, Func<bool> computeOne, Action wake, Action<int> prefetch)
    : SimulatedClock(dispatcher, workers, computeOne, wake, prefetch)
{
    public override void Start(InFlightPush push, in Durations durations)
    {
        push.PulledAt = Now;
        push.ArrivesAt = checked(Now + Math.Max(1, durations.Total));
        Continue(push);
    }

    public override void Continue(InFlightPush push) => Enqueue(push, push.ArrivesAt);
}

namespace Orchestrator.Engine;

/// <summary>
/// Arrivals in the order of another run's record, at its times. Who pulls after an arrival is the
/// consistency model's decision, as in any run: it never sees a gradient's values, so the same
/// arrivals give the same pulls. What had not arrived when the record ended never arrives here.
/// </summary>
internal sealed class RecordedClock(
    RecordedSchedule schedule, Dispatcher dispatcher, WorkerTable workers, Func<bool> computeOne, Action wake, Action<int> prefetch)
    : SimulatedClock(dispatcher, workers, computeOne, wake, prefetch)
{
    public override void Start(InFlightPush push, in Durations durations)
    {
        (push.PulledAt, push.ArrivesAt) = (Now, long.MaxValue);
        Continue(push);
    }

    public override void Continue(InFlightPush push)
    {
        if (schedule.Find(push.Worker, push.Gradient) is not { } recorded)
        {
            return;
        }

        (push.PulledAt, push.ArrivesAt) = (recorded.PulledAt, recorded.ArrivedAt);
        if (schedule.Arrives(push.Worker, push.Gradient))
        {
            Enqueue(push, recorded.Event);
        }
    }

    public override long CancelledAt(InFlightPush push) => schedule.Find(push.Worker, push.Gradient)?.ArrivedAt ?? Now;

    public override long EvaluatedAt(long version, long events) => schedule.EvaluatedAt(version, events) ?? Now;
}

using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Arrivals in the order of another run's record, at its times. Who pulls after an arrival is the consistency model's decision, as in any run: it never sees
/// a gradient's values, so the same arrivals give the same pulls. What had not arrived when the record ended never arrives here.
/// </summary>
internal sealed class RecordedClock(
    RecordedSchedule schedule, int workers, Dispatcher dispatcher, Func<int, NativeVector?> stateOf, Func<bool> computeOne, Action wake, Action<int> prefetch)
    : SimulatedClock(workers, dispatcher, stateOf, computeOne, wake, prefetch)
{
    public override void Start(InFlightPush flight, in Durations durations)
    {
        (flight.PulledAt, flight.ArrivesAt) = (Now, long.MaxValue);
        Continue(flight);
    }

    public override void Continue(InFlightPush flight)
    {
        if (schedule.Find(flight.Worker, flight.Gradient) is not { } recorded)
        {
            return;
        }

        (flight.PulledAt, flight.ArrivesAt) = (recorded.PulledAt, recorded.ArrivedAt);
        if (schedule.Arrives(flight.Worker, flight.Gradient))
        {
            Queue(flight, recorded.Event);
        }
    }

    public override long CancelledAt(InFlightPush flight) => schedule.Find(flight.Worker, flight.Gradient)?.ArrivedAt ?? Now;

    public override long EvaluatedAt(long version, long events) => schedule.EvaluatedAt(version, events) ?? Now;
}

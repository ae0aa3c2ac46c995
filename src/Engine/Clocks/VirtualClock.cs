using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>Arrivals by drawn time, ties by worker.</summary>
internal sealed class VirtualClock(int workers, Dispatcher dispatcher, Func<int, NativeVector?> stateOf, Func<bool> computeOne, Action wake, Action<int> prefetch)
    : SimulatedClock(workers, dispatcher, stateOf, computeOne, wake, prefetch)
{
    public override void Start(InFlightPush flight, in Durations durations)
    {
        flight.PulledAt = Now;
        flight.ArrivesAt = checked(Now + Math.Max(1, durations.Total));
        Continue(flight);
    }

    public override void Continue(InFlightPush flight) => Queue(flight, flight.ArrivesAt);
}

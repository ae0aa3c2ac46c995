using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>Arrivals by drawn time, ties by worker.</summary>
internal sealed class VirtualClock(int workers, Dispatcher dispatcher, Func<int, NativeVector?> stateOf, Func<bool> computeOne, Action wake, Action<int> expect)
    : SimulatedClock(workers, dispatcher, stateOf, computeOne, wake, expect)
{
    public override void Start(Flight flight, in Durations durations)
    {
        flight.PulledAt = Now;
        flight.ArrivesAt = checked(Now + Math.Max(1, durations.Total));
        Continue(flight);
    }

    public override void Continue(Flight flight) => Queue(flight, flight.ArrivesAt);
}

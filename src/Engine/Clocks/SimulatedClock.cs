using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Arrivals in an order that is known at the pull: a conservative discrete-event simulation whose events carry real work. The first flight is taken when
/// its gradient is there; meanwhile later ones are computed on every core, handed out in the order of their arrival. A slot per host is kept for the first,
/// so neither memory nor deadlock threatens. Where the run's own process computes, the server's thread computes too while it waits.
/// </summary>
internal abstract class SimulatedClock : Clock
{
    private readonly Dispatcher dispatcher;
    private readonly Func<int, NativeVector?> stateOf;
    private readonly Func<bool> computeOne;
    private readonly Action wake;

    // Flights that have not been handed out, and the few that have been; each in the order of arrival.
    private readonly ArrivalQueue pending;
    private readonly List<InFlightPush> handedOut = [];
    private volatile bool interrupted;
    private long now;
    private long waited;

    /// <param name="workers">Number of workers.</param>
    /// <param name="dispatcher">Hands work out.</param>
    /// <param name="stateOf">A worker's rule state.</param>
    /// <param name="computeOne">Computes one handed-out push on this thread; false when there is none to compute here.</param>
    /// <param name="wake">Ends a wait of the dispatcher.</param>
    /// <param name="prefetch">Told of a worker a few arrivals before its own.</param>
    protected SimulatedClock(int workers, Dispatcher dispatcher, Func<int, NativeVector?> stateOf, Func<bool> computeOne, Action wake, Action<int> prefetch)
    {
        (this.dispatcher, this.stateOf, this.computeOne, this.wake) = (dispatcher, stateOf, computeOne, wake);
        pending = new ArrivalQueue(workers, prefetch);
        dispatcher.Lost = flight =>
        {
            handedOut.Remove(flight);
            pending.Add(flight);
        };
    }

    public override long Now => now;

    public override long Waited => waited;

    public override void ContinueAt(long time) => now = time;

    public override InFlightPush? Next(long deadline)
    {
        if (First() is not { } first || first.ArrivesAt > deadline)
        {
            return null;
        }

        while (true)
        {
            HandOut(first);
            var received = false;
            while (dispatcher.Receive(0))
            {
                received = true;
            }

            if (interrupted)
            {
                return null;
            }

            if (first.Result is not null)
            {
                break;
            }

            // What was received may have brought work back, or made room for it: it is handed out before anybody waits.
            if (!received && !computeOne())
            {
                var started = WallTime.Now;
                dispatcher.Receive(-1);
                waited += WallTime.Now - started;
            }
        }

        handedOut.Remove(first);
        now = first.ArrivesAt;
        return first;
    }

    public override bool Cancel(InFlightPush flight)
    {
        if (!pending.Remove(flight))
        {
            handedOut.Remove(flight);
        }

        return dispatcher.Withdraw(flight);
    }

    public override void Interrupt()
    {
        interrupted = true;
        wake();
    }

    /// <summary>Puts a flight whose arrival is known into the order.</summary>
    protected void Queue(InFlightPush flight, long due)
    {
        flight.Due = due;
        pending.Add(flight);
    }

    private InFlightPush? First()
    {
        var next = pending.First;
        return handedOut.Count > 0 && (next is null || IsBefore(handedOut[0], next)) ? handedOut[0] : next;
    }

    private void HandOut(InFlightPush first)
    {
        if (first.Ticket == 0 && dispatcher.Free > 0)
        {
            pending.Remove(first);
            Post(first);
        }

        while (dispatcher.Free > dispatcher.Reserve && pending.First is { } next)
        {
            pending.Take();
            Post(next);
        }
    }

    private void Post(InFlightPush flight)
    {
        var place = handedOut.Count;
        while (place > 0 && IsBefore(flight, handedOut[place - 1]))
        {
            place--;
        }

        handedOut.Insert(place, flight);
        dispatcher.Post(flight, stateOf(flight.Worker));
    }

    private static bool IsBefore(InFlightPush one, InFlightPush other) => one.Due < other.Due || (one.Due == other.Due && one.Worker < other.Worker);
}

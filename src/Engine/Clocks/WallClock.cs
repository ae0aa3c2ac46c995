using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Arrivals as they come. A worker's added delay and network time pass before its work is handed out (what it was sent is fixed at the pull, so only the
/// push's time matters), and a drawn compute time is a floor under the real one: a push arrives at pull + delays + max(real, drawn). A waiting worker
/// holds no thread and no replica. Where the run's own process computes, whoever holds the server's turn may take what is ready, and
/// <see cref="Next"/> waits for what nobody else will take: the end of a delay, the deadline, an interruption.
/// </summary>
internal sealed class WallClock : Clock
{
    private readonly Dispatcher dispatcher;
    private readonly Func<int, NativeVector?> stateOf;
    private readonly object turn;
    private readonly ArrivalTree starts;
    private readonly ArrivalTree ready;
    private long origin = WallTime.Now;
    private int handedOut;
    private volatile bool interrupted;
    private long sleepsUntil = long.MinValue;

    // Timer error and overruns, reported at the end; ns.
    private long timed;
    private long lateSum;
    private long lateMax;
    private long floors;
    private long overruns;
    private long overrunMax;

    /// <param name="workers">Number of workers.</param>
    /// <param name="dispatcher">Hands work out.</param>
    /// <param name="stateOf">A worker's rule state.</param>
    /// <param name="turn">The monitor that makes its holder the server.</param>
    public WallClock(int workers, Dispatcher dispatcher, Func<int, NativeVector?> stateOf, object turn)
    {
        (this.dispatcher, this.stateOf, this.turn) = (dispatcher, stateOf, turn);
        // Flights that wait for the end of their delay, and those whose result is there.
        (starts, ready) = (new ArrivalTree(workers), new ArrivalTree(workers));
        dispatcher.Completed = Complete;
        dispatcher.Lost = flight =>
        {
            handedOut--;
            starts.Add(flight, flight.StartsAt);
        };
        dispatcher.CameBack += _ => handedOut--;
    }

    public override long Now => WallTime.Now - origin;

    public override void Start(InFlightPush flight, in Durations durations)
    {
        flight.PulledAt = Now;
        flight.StartsAt = flight.PulledAt + durations.Added + durations.Network;
        flight.Floor = durations.Compute;
        Continue(flight);
    }

    public override void ContinueAt(long time) => origin = WallTime.Now - time;

    public override void Continue(InFlightPush flight) => starts.Add(flight, flight.StartsAt);

    public override InFlightPush? Next(long deadline)
    {
        while (true)
        {
            if (Ready(deadline) is { } flight)
            {
                return flight;
            }

            if (IsOver(deadline))
            {
                return null;
            }

            Wait(deadline);
        }
    }

    /// <summary>Whether at most one result is known to wait.</summary>
    public bool IsNearlyIdle => ready.Count <= 1;

    /// <summary>The next arrival, if it is there now.</summary>
    public InFlightPush? Ready(long deadline)
    {
        while (dispatcher.Receive(0))
        {
        }

        var now = Now;
        if (interrupted || now >= deadline)
        {
            return null;
        }

        HandOut(now);
        if (ready.First is not { } first || first.ArrivesAt > now)
        {
            return null;
        }

        ready.Take();
        first.ArrivesAt = now;
        return first;
    }

    /// <summary>Ends the wait of <see cref="Next"/> if what it waits for has changed; called with the turn.</summary>
    public void Recall(long deadline)
    {
        if (sleepsUntil > NextDue(deadline) || (sleepsUntil != long.MinValue && IsOver(deadline)))
        {
            Monitor.PulseAll(turn);
        }
    }

    public override bool Cancel(InFlightPush flight)
    {
        starts.Remove(flight);
        ready.Remove(flight);
        return dispatcher.Withdraw(flight);
    }

    public override void Interrupt()
    {
        interrupted = true;
        lock (turn)
        {
            Monitor.PulseAll(turn);
        }
    }

    public override IReadOnlyList<string> Report()
    {
        var lines = new List<string>();
        if (timed > 0)
        {
            lines.Add($"timer: {timed} delays ended {lateSum / 1e6 / timed:F2} ms late on average, {lateMax / 1e6:F2} ms at most");
        }

        if (overruns > 0)
        {
            lines.Add($"overruns: {overruns} of {floors} computations took longer than their drawn time, by {overrunMax / 1e6:F1} ms at most");
        }

        return lines;
    }

    private static int Milliseconds(long ns) => ns >= int.MaxValue * 1_000_000L ? -1 : (int)((Math.Max(0, ns) + 999_999) / 1_000_000);

    private bool IsOver(long deadline) => interrupted || Now >= deadline || ready.Count + starts.Count + handedOut == 0;

    private void Wait(long deadline)
    {
        sleepsUntil = NextDue(deadline);
        Monitor.Wait(turn, Milliseconds(sleepsUntil - Now));
        sleepsUntil = long.MinValue;
    }

    private long NextDue(long deadline)
    {
        var due = deadline;
        if (ready.First is { } held)
        {
            due = Math.Min(due, held.ArrivesAt);
        }

        if (starts.First is { } waiting && dispatcher.Free > 0)
        {
            due = Math.Min(due, waiting.StartsAt);
        }

        return due;
    }

    private void HandOut(long now)
    {
        while (dispatcher.Free > 0 && starts.First is { } flight && flight.StartsAt <= now)
        {
            starts.Take();
            if (flight.StartsAt > flight.PulledAt)
            {
                timed++;
                lateSum += now - flight.StartsAt;
                lateMax = Math.Max(lateMax, now - flight.StartsAt);
            }

            handedOut++;
            dispatcher.Post(flight, stateOf(flight.Worker));
        }
    }

    private void Complete(InFlightPush flight)
    {
        handedOut--;
        var (now, floor) = (Now, flight.StartsAt + flight.Floor);
        flight.ArrivesAt = Math.Max(now, floor);
        if (flight.Floor > 0)
        {
            floors++;
            if (now > floor)
            {
                overruns++;
                overrunMax = Math.Max(overrunMax, now - floor);
            }
        }

        ready.Add(flight, flight.ArrivesAt);
    }
}

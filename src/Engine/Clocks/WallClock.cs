using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Arrivals as they come. A worker's added delay and network time pass before its work is handed out (what it was sent is fixed at the pull, so only the
/// push's time matters), and a drawn compute time is a floor under the real one: a push arrives at pull + delays + max(real, drawn). A waiting worker
/// holds no thread and no replica.
/// </summary>
internal sealed class WallClock : Clock
{
    private readonly Dispatcher dispatcher;
    private readonly Func<int, NativeVector?> stateOf;
    private readonly Action wake;
    private readonly FlightQueue starts;
    private readonly FlightQueue ready;
    private long origin = WallTime.Now;
    private int handedOut;
    private volatile bool interrupted;

    // Timer error and overruns, reported at the end; ns.
    private long timed;
    private long lateSum;
    private long lateMax;
    private long floors;
    private long overruns;
    private long overrunMax;

    public WallClock(int workers, Dispatcher dispatcher, Func<int, NativeVector?> stateOf, Action wake)
    {
        (this.dispatcher, this.stateOf, this.wake) = (dispatcher, stateOf, wake);
        // Flights that wait for the end of their delay, and those whose result is there.
        (starts, ready) = (new FlightQueue(workers), new FlightQueue(workers));
        dispatcher.Completed = Complete;
        dispatcher.Lost = flight =>
        {
            handedOut--;
            starts.Add(flight, flight.StartsAt);
        };
        dispatcher.CameBack += _ => handedOut--;
    }

    public override long Now => WallTime.Now - origin;

    public override void Start(Flight flight, in Durations durations)
    {
        flight.PulledAt = Now;
        flight.StartsAt = flight.PulledAt + durations.Added + durations.Network;
        flight.Floor = durations.Compute;
        Continue(flight);
    }

    public override void ContinueAt(long time) => origin = WallTime.Now - time;

    public override void Continue(Flight flight) => starts.Add(flight, flight.StartsAt);

    public override Flight? Next(long deadline)
    {
        while (!interrupted)
        {
            while (dispatcher.Receive(0))
            {
            }

            var now = Now;
            if (now >= deadline)
            {
                return null;
            }

            HandOut(now);
            if (ready.First is { } first && first.ArrivesAt <= now)
            {
                ready.Take();
                first.ArrivesAt = now;
                return first;
            }

            if (ready.Count + starts.Count + handedOut == 0)
            {
                return null;
            }

            dispatcher.Receive(Milliseconds(NextDue(deadline) - now));
        }

        return null;
    }

    public override bool Cancel(Flight flight)
    {
        starts.Remove(flight);
        ready.Remove(flight);
        return dispatcher.Withdraw(flight);
    }

    public override void Interrupt()
    {
        interrupted = true;
        wake();
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

    private static int Milliseconds(long ns) => ns >= int.MaxValue * 1_000_000L ? -1 : (int)((ns + 999_999) / 1_000_000);

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

    private void Complete(Flight flight)
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

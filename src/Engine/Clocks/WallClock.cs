namespace Orchestrator.Engine;

/// <summary>
/// Arrivals as they come. A worker's added delay and network time pass before its work is handed
/// out (what it was sent is fixed at the pull, so only the push's time matters), and a drawn
/// compute time is a floor under the real one: a push arrives at pull + delays + max(real, drawn).
/// A waiting worker holds no thread and no replica. Whoever holds the server lock may handle what
/// is ready (<see cref="Ready"/>), and <see cref="Next"/> waits for what nobody else will handle:
/// the end of a delay, the deadline, an interruption.
/// </summary>
internal sealed class WallClock : Clock
{
    private readonly Dispatcher dispatcher;
    private readonly WorkerTable workers;
    private readonly ServerLock serverLock;

    // Pushes that wait for the end of their delay, and those whose result is there.
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

    /// <param name="dispatcher">Hands work out.</param>
    /// <param name="workers">Whose rule states go with the work.</param>
    /// <param name="serverLock">Let go of while <see cref="Next"/> waits.</param>
    public WallClock(Dispatcher dispatcher, WorkerTable workers, ServerLock serverLock)
    {
        (this.dispatcher, this.workers, this.serverLock) = (dispatcher, workers, serverLock);
        (starts, ready) = (new ArrivalTree(workers.Count), new ArrivalTree(workers.Count));
    }

    public override long Now => WallTime.Now - origin;

    public override void Start(InFlightPush push, in Durations durations)
    {
        push.PulledAt = Now;
        push.StartsAt = push.PulledAt + durations.Added + durations.Network;
        push.Floor = durations.Compute;
        Continue(push);
    }

    public override void ContinueAt(long time) => origin = WallTime.Now - time;

    public override void Continue(InFlightPush push) => starts.Add(push, push.StartsAt);

    public override bool Next(long deadline, out ServerEvent next)
    {
        while (!Ready(deadline, out next))
        {
            if (IsOver(deadline))
            {
                return false;
            }

            Wait(deadline);
        }

        return true;
    }

    /// <summary>Whether at most one result is known to wait.</summary>
    public bool IsNearlyIdle => ready.Count <= 1;

    /// <summary>As <see cref="Next"/>, without waiting.</summary>
    public bool Ready(long deadline, out ServerEvent next)
    {
        while (dispatcher.Receive(wait: false, out next))
        {
            if (!IsCompletion(next))
            {
                return true;
            }
        }

        var now = Now;
        if (interrupted || now >= deadline)
        {
            return false;
        }

        HandOut(now);
        if (ready.First is not { } first || first.ArrivesAt > now)
        {
            return false;
        }

        ready.RemoveFirst();
        first.ArrivesAt = now;
        next = new ServerEvent(ServerEventKind.Arrived, first);
        return true;
    }

    /// <summary>Ends the wait of <see cref="Next"/> if what it waits for has changed.</summary>
    public void Recall(long deadline)
    {
        if (sleepsUntil > NextDue(deadline) || (sleepsUntil != long.MinValue && IsOver(deadline)))
        {
            serverLock.WakeAll();
        }
    }

    public override bool Cancel(InFlightPush push)
    {
        starts.Remove(push);
        ready.Remove(push);
        return dispatcher.Withdraw(push);
    }

    public override void Interrupt()
    {
        interrupted = true;
        serverLock.Enter();
        serverLock.WakeAll();
        serverLock.Exit();
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
        serverLock.Wait(Milliseconds(sleepsUntil - Now));
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
        while (dispatcher.Free > 0 && starts.First is { } push && push.StartsAt <= now)
        {
            starts.RemoveFirst();
            if (push.StartsAt > push.PulledAt)
            {
                timed++;
                lateSum += now - push.StartsAt;
                lateMax = Math.Max(lateMax, now - push.StartsAt);
            }

            handedOut++;
            dispatcher.Post(push, workers.RuleState(push.Worker));
        }
    }

    private bool IsCompletion(in ServerEvent next)
    {
        handedOut -= next.Push is null ? 0 : 1;
        switch (next.Kind)
        {
            case ServerEventKind.Completed:
                Complete(next.Push!);
                return true;
            case ServerEventKind.Lost:
                starts.Add(next.Push!, next.Push!.StartsAt);
                return false;
            default:
                return false;
        }
    }

    private void Complete(InFlightPush push)
    {
        var (now, floor) = (Now, push.StartsAt + push.Floor);
        push.ArrivesAt = Math.Max(now, floor);
        if (push.Floor > 0)
        {
            floors++;
            if (now > floor)
            {
                overruns++;
                overrunMax = Math.Max(overrunMax, now - floor);
            }
        }

        ready.Add(push, push.ArrivesAt);
    }
}

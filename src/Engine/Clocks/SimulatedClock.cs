namespace Orchestrator.Engine;

/// <summary>
/// Arrivals in an order that is known at the pull: a conservative discrete-event simulation whose
/// events carry real work. The first push arrives when its gradient is there; meanwhile later ones
/// are computed on every core, handed out in the order of their arrival. A slot per host is kept
/// for the first, so neither memory nor deadlock threatens. Where the run's own process computes,
/// the server's thread computes too while it waits.
/// </summary>
internal abstract class SimulatedClock : Clock
{
    private readonly Dispatcher dispatcher;
    private readonly WorkerTable workers;
    private readonly Func<bool> computeOne;
    private readonly Action wake;

    // Pushes that have not been handed out, and the few that have been; each in the order of
    // arrival.
    private readonly ArrivalQueue pending;
    private readonly List<InFlightPush> handedOut = [];
    private volatile bool interrupted;
    private long now;
    private long waited;

    /// <param name="dispatcher">Hands work out.</param>
    /// <param name="workers">Whose rule states go with the work.</param>
    /// <param name="computeOne">Computes one handed-out push on this thread; false when there is
    /// none to compute here.</param>
    /// <param name="wake">Ends a wait of the dispatcher.</param>
    /// <param name="prefetch">Called with a worker a few arrivals before its own.</param>
    protected SimulatedClock(Dispatcher dispatcher, WorkerTable workers, Func<bool> computeOne, Action wake, Action<int> prefetch)
    {
        (this.dispatcher, this.workers, this.computeOne, this.wake) = (dispatcher, workers, computeOne, wake);
        pending = new ArrivalQueue(workers.Count, prefetch);
    }

    public override long Now => now;

    public override long Waited => waited;

    public override void ContinueAt(long time) => now = time;

    public override bool Next(long deadline, out ServerEvent next)
    {
        next = default;
        if (First() is not { } first || first.ArrivesAt > deadline)
        {
            return false;
        }

        while (!interrupted)
        {
            HandOut(first);
            var received = false;
            while (dispatcher.Receive(wait: false, out next))
            {
                received = true;
                if (!IsCompletion(next))
                {
                    return true;
                }
            }

            if (first.Result is not null)
            {
                handedOut.Remove(first);
                now = first.ArrivesAt;
                next = new ServerEvent(ServerEventKind.Arrived, first);
                return true;
            }

            // What was received may have brought work back, or made room for it: it is handed out
            // before anybody waits.
            if (!received && !computeOne() && !interrupted && AwaitEvent(out next) && !IsCompletion(next))
            {
                return true;
            }
        }

        return false;
    }

    public override bool Cancel(InFlightPush push)
    {
        if (!pending.Remove(push))
        {
            handedOut.Remove(push);
        }

        return dispatcher.Withdraw(push);
    }

    public override void Interrupt()
    {
        interrupted = true;
        wake();
    }

    /// <summary>Puts a push whose arrival is known into the order.</summary>
    protected void Enqueue(InFlightPush push, long due)
    {
        push.Due = due;
        pending.Add(push);
    }

    private bool IsCompletion(in ServerEvent next)
    {
        if (next.Kind == ServerEventKind.Lost)
        {
            handedOut.Remove(next.Push!);
            pending.Add(next.Push!);
        }

        return next.Kind == ServerEventKind.Completed;
    }

    private bool AwaitEvent(out ServerEvent next)
    {
        var started = WallTime.Now;
        var any = dispatcher.Receive(wait: true, out next);
        waited += WallTime.Now - started;
        return any;
    }

    private InFlightPush? First()
    {
        var next = pending.First;
        return handedOut.Count > 0 && (next is null || ArrivalQueue.IsBefore(handedOut[0], next)) ? handedOut[0] : next;
    }

    private void HandOut(InFlightPush first)
    {
        // Hosts that are left may hold nothing but results of later pushes, where others went away:
        // the latest is computed again.
        if (first.Ticket == 0 && dispatcher.Free == 0 && handedOut.FindLast(static push => push.Result is not null) is { } latest)
        {
            handedOut.Remove(latest);
            dispatcher.Return(latest);
            pending.Add(latest);
        }

        if (first.Ticket == 0 && dispatcher.Free > 0)
        {
            pending.Remove(first);
            Post(first);
        }

        while (dispatcher.Free > dispatcher.Reserve && pending.First is not null)
        {
            Post(pending.RemoveFirst());
        }
    }

    private void Post(InFlightPush push)
    {
        var index = handedOut.Count;
        while (index > 0 && ArrivalQueue.IsBefore(push, handedOut[index - 1]))
        {
            index--;
        }

        handedOut.Insert(index, push);
        dispatcher.Post(push, workers.RuleState(push.Worker));
    }
}

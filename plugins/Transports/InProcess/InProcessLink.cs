using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>Both ends of the in-process link.</summary>
internal sealed class InProcessLink(LinkTerms terms) : IServerEnd, IHostEnd
{
    private readonly object gate = new();
    private readonly Queue<Work> posted = new();
    private readonly Queue<LinkEvent> happened = new();
    private readonly Dictionary<long, NativeVector> results = [];
    private readonly Dictionary<long, HostWork> computing = [];
    private readonly HashSet<long> withdrawn = [];
    private readonly Stack<NativeVector> spare = new();
    private readonly int slots = Math.Max(2, terms.Slots);
    private int taken;
    private long completed;
    private int waitingHosts;
    private bool serverWaits;
    private bool woken;
    private bool closed;

    public IHostEnd LocalHost => this;

    public int Free => slots - taken;

    public int Reserve => 1;

    public IReadOnlyList<HostTraffic> Traffic => [new HostTraffic(0, "this process", 0, completed, 0, 0, null)];

    public void Post(in Work work)
    {
        WorkShape.Check(work, terms);
        lock (gate)
        {
            if (taken == slots)
            {
                throw new InvalidOperationException($"All {slots} slots of the in-process transport are taken.");
            }

            taken++;
            posted.Enqueue(work);
            if (waitingHosts > 0)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    public void Cancel(long ticket)
    {
        lock (gate)
        {
            if (computing.TryGetValue(ticket, out var work))
            {
                work.Cancelled = true;
            }
            else if (!results.ContainsKey(ticket))
            {
                withdrawn.Add(ticket);
            }
        }
    }

    bool IServerEnd.Take(int timeout, out LinkEvent next)
    {
        lock (gate)
        {
            SkipWithdrawn();
            if (happened.Count == 0 && timeout != 0 && !woken && !closed)
            {
                serverWaits = true;
                Monitor.Wait(gate, timeout);
                serverWaits = false;
                SkipWithdrawn();
            }

            woken = false;
            return happened.TryDequeue(out next);
        }
    }

    public void Wake()
    {
        lock (gate)
        {
            woken = true;
            Monitor.PulseAll(gate);
        }
    }

    public void Return(long ticket)
    {
        lock (gate)
        {
            if (results.Remove(ticket, out var result))
            {
                taken--;
                spare.Push(result);
            }
        }
    }

    bool IHostEnd.Take(HostWork work, bool wait)
    {
        lock (gate)
        {
            while (true)
            {
                SkipWithdrawn();
                if (closed)
                {
                    return false;
                }

                if (posted.TryDequeue(out var next))
                {
                    work.Work = next;
                    work.Cancelled = false;
                    work.Result = spare.TryPop(out var free) ? free : new NativeVector(terms.PushLength + terms.StateLength);
                    computing.Add(next.Ticket, work);
                    return true;
                }

                if (!wait)
                {
                    return false;
                }

                waitingHosts++;
                Monitor.Wait(gate);
                waitingHosts--;
            }
        }
    }

    public bool IsCancelled(HostWork work) => work.Cancelled;

    public void Complete(HostWork work, double loss, long computeTime)
    {
        lock (gate)
        {
            var ticket = work.Work.Ticket;
            computing.Remove(ticket);
            results.Add(ticket, work.Result);
            completed++;
            Tell(new LinkEvent(LinkEventKind.Completed, ticket, 0, work.Result, loss, computeTime, null) { Started = work.Started });
        }
    }

    public void Abandon(HostWork work, string? message)
    {
        lock (gate)
        {
            computing.Remove(work.Work.Ticket);
            spare.Push(work.Result);
            taken--;
            var kind = message is null ? LinkEventKind.Cancelled : LinkEventKind.Failed;
            Tell(new LinkEvent(kind, work.Work.Ticket, 0, null, double.NaN, 0, message));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }

    private void Tell(in LinkEvent news)
    {
        happened.Enqueue(news);
        if (serverWaits)
        {
            Monitor.PulseAll(gate);
        }
    }

    // Work that was cancelled before any core took it ends here; the queue keeps its order.
    private void SkipWithdrawn()
    {
        while (withdrawn.Count > 0 && posted.TryPeek(out var next) && withdrawn.Remove(next.Ticket))
        {
            posted.Dequeue();
            taken--;
            Tell(new LinkEvent(LinkEventKind.Cancelled, next.Ticket, 0, null, double.NaN, 0, null));
        }
    }
}

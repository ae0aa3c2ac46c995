using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>
/// Both ends of the link: slots that work is copied into, and two queues under one lock. A slot is
/// taken from <see cref="Post"/> to <see cref="Return"/>, or to the event that brings no result.
/// </summary>
internal sealed class MyPluginTransportLink : IServerEnd, IHostEnd
{
    private readonly object gate = new();
    private readonly LinkTerms terms;
    private readonly Slot[] slots;
    private readonly Stack<Slot> free;
    private readonly Queue<Slot> posted = new();
    private readonly Queue<(LinkEvent What, Slot Slot)> happened = new();
    private long completed;
    private bool woken;
    private bool closed;

    public MyPluginTransportLink(LinkTerms terms)
    {
        this.terms = terms;
        slots = [.. Enumerable.Range(0, Math.Max(2, terms.Slots)).Select(number => new Slot(number, terms))];
        free = new Stack<Slot>(slots);
    }

    public IHostEnd LocalHost => this;

    public int Free => free.Count;

    public int Reserve => 1;

    public IReadOnlyList<HostTraffic> Traffic => [new HostTraffic(0, "this process", 0, Interlocked.Read(ref completed), 0, 0, null)];

    public void Post(in Work work)
    {
        Check(work.Sent.Length, terms.SentLength, "what is sent");
        Check(work.State?.Length ?? 0, terms.StateLength, "the state");
        lock (gate)
        {
            if (!free.TryPop(out var slot))
            {
                throw new InvalidOperationException($"All {slots.Length} slots are taken.");
            }

            slot.Take(work);
            posted.Enqueue(slot);
            Monitor.PulseAll(gate);
        }
    }

    public void Cancel(long ticket)
    {
        lock (gate)
        {
            var slot = Find(ticket);
            if (slot.Computing is { } work)
            {
                work.Cancelled = true;
            }
            else if (Withdraw(slot))
            {
                Tell(slot, new LinkEvent(LinkEventKind.Cancelled, ticket, 0, null, double.NaN, 0, null));
            }
        }
    }

    bool IServerEnd.Receive(int timeout, out LinkEvent next)
    {
        lock (gate)
        {
            if (happened.Count == 0 && timeout != 0 && !woken && !closed)
            {
                Monitor.Wait(gate, timeout);
            }

            woken = false;
            var any = happened.TryDequeue(out var first);
            if (any && first.What.Result is null)
            {
                free.Push(first.Slot);
            }

            next = first.What;
            return any;
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

    public void Return(long ticket, bool traced = false)
    {
        lock (gate)
        {
            free.Push(Find(ticket));
        }
    }

    bool IHostEnd.Receive(HostWork work, bool wait)
    {
        lock (gate)
        {
            while (wait && posted.Count == 0 && !closed)
            {
                Monitor.Wait(gate);
            }

            if (closed || !posted.TryDequeue(out var slot))
            {
                return false;
            }

            slot.Computing = work;
            (work.Work, work.Slot, work.Cancelled, work.Result) = (slot.Work, slot.Number, false, slot.Result);
            return true;
        }
    }

    public bool IsCancelled(HostWork work) => work.Cancelled;

    public void Complete(HostWork work, double loss, long computeTime)
    {
        Interlocked.Increment(ref completed);
        End(work, new LinkEvent(LinkEventKind.Completed, work.Work.Ticket, 0, work.Result, loss, computeTime, null) { Started = work.Started });
    }

    public void Abandon(HostWork work, string? message) => End(
        work, new LinkEvent(message is null ? LinkEventKind.Cancelled : LinkEventKind.Failed, work.Work.Ticket, 0, null, double.NaN, 0, message));

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }

    private static void Check(int length, int agreed, string what)
    {
        if (length != agreed)
        {
            throw new ArgumentException($"The link was opened for {agreed} floats of {what}, not {length}.");
        }
    }

    private void End(HostWork work, in LinkEvent what)
    {
        bool isIdle;
        lock (gate)
        {
            slots[work.Slot].Computing = null;
            isIdle = posted.Count == 0;
            Tell(slots[work.Slot], what);
        }

        // Outside the lock: what is called uses this end.
        terms.ResultReady?.Invoke(isIdle);
    }

    private void Tell(Slot slot, in LinkEvent what)
    {
        happened.Enqueue((what, slot));
        Monitor.PulseAll(gate);
    }

    // Whether it was still waiting; the others keep their order.
    private bool Withdraw(Slot slot)
    {
        var count = posted.Count;
        for (var i = 0; i < count; i++)
        {
            var next = posted.Dequeue();
            if (next != slot)
            {
                posted.Enqueue(next);
            }
        }

        return posted.Count < count;
    }

    // There are few; a lambda would allocate for every push.
    private Slot Find(long ticket)
    {
        foreach (var slot in slots)
        {
            if (slot.Work.Ticket == ticket)
            {
                return slot;
            }
        }

        throw new ArgumentException($"There is no ticket {ticket}.");
    }

    private sealed class Slot(int number, LinkTerms terms)
    {
        private readonly NativeVector sent = new(terms.SentLength);
        private readonly NativeVector? state = terms.StateLength > 0 ? new NativeVector(terms.StateLength) : null;

        public int Number => number;

        public NativeVector Result { get; } = new(terms.PushLength + terms.StateLength);

        public Work Work { get; private set; }

        public HostWork? Computing { get; set; }

        public void Take(in Work work)
        {
            work.Sent.Span.CopyTo(sent.Span);
            work.State?.Span.CopyTo(state!.Span);
            Work = work with { Sent = sent, State = state };
        }
    }
}

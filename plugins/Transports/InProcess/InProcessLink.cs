using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// Both ends of the in-process link: a table of slots under one lock. A slot is found by its
/// ticket; there are few.
/// </summary>
internal sealed class InProcessLink : IServerEnd, IHostEnd
{
    private readonly object gate = new();
    private readonly LinkTerms terms;
    private readonly Slot[] slots;
    private readonly long[] tickets;
    private readonly Stack<int> free = new();
    private readonly Queue<int> posted = new();
    private readonly Queue<LinkEvent> happened = new();
    private int withdrawn;
    private volatile int unseen;
    private long completed;
    private int waitingHosts;
    private bool serverWaits;
    private bool woken;
    private bool closed;

    // Room for results, with the compute thread that used it last.
    private readonly List<(NativeVector Room, HostWork User)> vacant = [];

    public InProcessLink(LinkTerms terms)
    {
        this.terms = terms;
        slots = new Slot[Math.Max(2, terms.Slots)];
        tickets = new long[slots.Length];
        for (var place = slots.Length - 1; place >= 0; place--)
        {
            free.Push(place);
        }
    }

    public IHostEnd LocalHost => this;

    public int Free => free.Count;

    public int Reserve => 1;

    public IReadOnlyList<HostTraffic> Traffic => [new HostTraffic(0, "this process", 0, completed, 0, 0, null)];

    public void Post(in Work work)
    {
        WorkShape.Check(work, terms);
        lock (gate)
        {
            if (!free.TryPop(out var place))
            {
                throw new InvalidOperationException($"All {slots.Length} slots of the in-process transport are taken.");
            }

            tickets[place] = work.Ticket;
            slots[place].Work = work;
            slots[place].State = SlotState.Posted;
            posted.Enqueue(place);
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
            ref var slot = ref slots[SlotOf(ticket)];
            switch (slot.State)
            {
                case SlotState.Computing:
                    slot.Computing!.Cancelled = true;
                    break;
                case SlotState.Posted:
                    slot.State = SlotState.Withdrawn;
                    withdrawn++;
                    unseen++;
                    break;
                default:
                    // It comes back as completed.
                    break;
            }
        }
    }

    bool IServerEnd.Receive(int timeout, out LinkEvent next)
    {
        // Asked after every push, mostly in vain: a look without the lock is enough where nobody
        // wants to wait.
        if (timeout == 0 && unseen == 0)
        {
            next = default;
            return false;
        }

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
            var any = happened.TryDequeue(out next);
            unseen = happened.Count + withdrawn;
            return any;
        }
    }

    public void Wake()
    {
        lock (gate)
        {
            woken = true;
            unseen++;
            Monitor.PulseAll(gate);
        }
    }

    public void Return(long ticket, bool traced = false)
    {
        lock (gate)
        {
            Vacate(SlotOf(ticket));
        }
    }

    bool IHostEnd.Receive(HostWork work, bool wait)
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

                if (posted.TryDequeue(out var place))
                {
                    ref var slot = ref slots[place];
                    slot.State = SlotState.Computing;
                    slot.Computing = work;
                    slot.Result = Room(work);
                    (work.Work, work.Slot, work.Cancelled, work.Result) = (slot.Work, place, false, slot.Result);
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
        bool isIdle;
        lock (gate)
        {
            isIdle = posted.Count == 0;
            slots[work.Slot].State = SlotState.Completed;
            completed++;
            Report(new LinkEvent(LinkEventKind.Completed, work.Work.Ticket, 0, work.Result, loss, computeTime, null) { Started = work.Started });
        }

        terms.ResultReady?.Invoke(isIdle);
    }

    public void Abandon(HostWork work, string? message)
    {
        bool isIdle;
        lock (gate)
        {
            isIdle = posted.Count == 0;
            Vacate(work.Slot);
            var kind = message is null ? LinkEventKind.Cancelled : LinkEventKind.Failed;
            Report(new LinkEvent(kind, work.Work.Ticket, 0, null, double.NaN, 0, message));
        }

        terms.ResultReady?.Invoke(isIdle);
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }

    private int SlotOf(long ticket) => Array.IndexOf(tickets, ticket) is >= 0 and var place
        ? place
        : throw new ArgumentException($"The in-process transport holds no ticket {ticket}.", nameof(ticket));

    private void Vacate(int place)
    {
        tickets[place] = 0;
        slots[place].State = SlotState.Free;
        free.Push(place);
        if (slots[place] is { Result: { } room, Computing: { } user })
        {
            vacant.Add((room, user));
            (slots[place].Result, slots[place].Computing) = (null, null);
        }
    }

    // The room that this core used last, whose lines its caches may still hold; otherwise whichever
    // was used last, so that few are in use.
    private NativeVector Room(HostWork user)
    {
        if (vacant.Count == 0)
        {
            return new NativeVector(terms.PushLength + terms.StateLength);
        }

        var index = vacant.Count - 1;
        for (var i = index; i >= 0; i--)
        {
            if (vacant[i].User == user)
            {
                index = i;
                break;
            }
        }

        var room = vacant[index].Room;
        vacant.RemoveAt(index);
        return room;
    }

    private void Report(in LinkEvent what)
    {
        happened.Enqueue(what);
        unseen++;
        if (serverWaits)
        {
            Monitor.PulseAll(gate);
        }
    }

    // Work that was cancelled before any core took it ends here; the queue keeps its order.
    private void SkipWithdrawn()
    {
        while (withdrawn > 0 && posted.TryPeek(out var place) && slots[place].State == SlotState.Withdrawn)
        {
            posted.Dequeue();
            withdrawn--;
            Vacate(place);
            Report(new LinkEvent(LinkEventKind.Cancelled, slots[place].Work.Ticket, 0, null, double.NaN, 0, null));
        }
    }

    private enum SlotState
    {
        Free,
        Posted,
        Withdrawn,
        Computing,
        Completed,
    }

    private struct Slot
    {
        public SlotState State;
        public Work Work;
        public HostWork? Computing;
        public NativeVector? Result;
    }
}

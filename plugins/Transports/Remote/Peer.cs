using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A worker host of another process, as the server sees it. Its slots are kept by the server's
/// thread; what happens on the link comes from the peer's own threads as <see cref="PeerEvent"/>.
/// </summary>
internal abstract class Peer(int number, HostIdentity identity, int slots)
{
    private readonly Stack<int> free = new(Enumerable.Range(0, slots).Reverse());
    private readonly long[] outstanding = new long[slots];
    private readonly int[] sentIndex = new int[slots];
    private readonly long[] wanted = new long[slots];

    // The watch's alone, by slot: the ticket that it saw last, and for how many ticks.
    private readonly long[] watchedTickets = new long[slots];
    private readonly int[] watchedTicks = new int[slots];
    private readonly SentPool pool = new(slots);
    private string? failure;

    public int Number => number;

    public HostIdentity HostIdentity => identity;

    public int Slots => slots;

    public int Free => free.Count;

    public int Used => slots - free.Count;

    /// <summary>Set by the server's thread when it has seen the departure.</summary>
    public bool IsGone { get; set; }

    public long Pushes { get; private set; }

    public abstract long BytesDown { get; }

    public abstract long BytesUp { get; }

    /// <summary>Why the link was ended from this side; null while it was not.</summary>
    public string? Failure => Volatile.Read(ref failure);

    public HostTraffic Traffic => new(number, identity.Name, identity.Cores, Pushes, BytesDown, BytesUp, IsGone ? Failure ?? "left" : null);

    /// <summary>Tickets out, with their slots.</summary>
    public IEnumerable<long> Outstanding => outstanding.Where(ticket => ticket > 0);

    /// <summary>Hands work to the host without waiting.</summary>
    /// <returns>Its slot.</returns>
    public int Hand(in Work work)
    {
        var slot = free.Pop();
        outstanding[slot] = work.Ticket;
        sentIndex[slot] = pool.Acquire(work.SentNumber, out var present);
        Hand(slot, sentIndex[slot], present, work);
        return slot;
    }

    /// <summary>Whether a ticket is out in a slot; a host may lie about tickets.</summary>
    public bool IsOut(int slot, long ticket) => (uint)slot < (uint)slots && ticket > 0 && outstanding[slot] == ticket;

    /// <summary>A ticket ended with a result, which stays in its slot.</summary>
    public void Hold(int slot)
    {
        Pushes++;
        outstanding[slot] = 0;
        pool.Release(sentIndex[slot]);
    }

    /// <summary>A result is not needed any more.</summary>
    /// <param name="slot">Where it lies.</param>
    /// <param name="ticket">Whose it is.</param>
    /// <param name="traced">Whether its spans are wanted.</param>
    public void Return(int slot, long ticket, bool traced)
    {
        wanted[slot] = traced ? ticket : 0;
        free.Push(slot);
    }

    /// <summary>
    /// The ticket that a slot carried last, if its spans are wanted; otherwise 0. The server's
    /// thread alone.
    /// </summary>
    public long TraceRequested(int slot) => wanted[slot];

    /// <summary>A ticket ended without a result.</summary>
    public void End(int slot)
    {
        outstanding[slot] = 0;
        pool.Release(sentIndex[slot]);
        free.Push(slot);
    }

    /// <summary>
    /// Ends the link from this side, once; from any thread. The peer's threads notice and say that
    /// it has left.
    /// </summary>
    public void Fail(string why)
    {
        if (Interlocked.CompareExchange(ref failure, why, null) is null)
        {
            Disconnect();
        }
    }

    /// <summary>Asks for the early end of work.</summary>
    public abstract void Withdraw(int slot, long ticket);

    /// <summary>The memory of a slot's result.</summary>
    public abstract NativeVector ResultOf(int slot);

    /// <summary>
    /// Called by the watch at every tick: a peer that has been silent for too long fails.
    /// </summary>
    public abstract void Tick();

    /// <summary>
    /// Called by the watch at every tick: a host that holds work for longer than its bound fails,
    /// though it may say that it is alive.
    /// </summary>
    /// <param name="times">What gradients took so far, at any host.</param>
    /// <param name="isCounted">Whether this tick counts.</param>
    public void WatchGradients(GradientTimes times, bool isCounted)
    {
        for (var slot = 0; slot < slots; slot++)
        {
            var ticket = Volatile.Read(ref outstanding[slot]);
            if (ticket != watchedTickets[slot])
            {
                times.Took(watchedTicks[slot], Pushes > 0);
                (watchedTickets[slot], watchedTicks[slot]) = (ticket, 0);
            }
            else if (ticket > 0 && isCounted && ++watchedTicks[slot] > times.Bound)
            {
                Fail(times.Exceeded(watchedTicks[slot]));
                return;
            }
        }
    }

    /// <summary>
    /// Whether the thread that reads is bringing what it read; the server's step may be made there.
    /// </summary>
    public virtual bool Reports => false;

    /// <summary>Tells the host that the run is over.</summary>
    public abstract void Farewell();

    /// <summary>After the farewell: ends the link and waits for this peer's threads.</summary>
    public abstract void Close();

    /// <summary>
    /// A handle to wait for, when the server's thread reads what the host sends; -1 when a thread
    /// of the peer does, or nothing comes any more.
    /// </summary>
    public virtual int Handle => -1;

    /// <summary>The handle has something, or has ended.</summary>
    public virtual void Hear()
    {
    }

    /// <summary>What the host sent next; without waiting.</summary>
    public virtual bool TryTake(out PeerEvent peerEvent)
    {
        peerEvent = default;
        return false;
    }

    /// <summary>
    /// Whether results are to be searched for values that are not finite; peers that look at every
    /// byte anyway do.
    /// </summary>
    public virtual bool SearchesResults
    {
        set
        {
        }
    }

    /// <summary>
    /// Frees what results lie in; called when no result is held and no thread of the peer runs.
    /// </summary>
    public abstract void FreeMemory();

    protected abstract void Hand(int slot, int buffer, bool present, in Work work);

    protected abstract void Disconnect();
}

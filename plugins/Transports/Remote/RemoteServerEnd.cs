using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// The server's end where hosts are other processes: who is there, which ticket is where, what happened. Peers' threads leave news in an inbox; all else
/// belongs to the server's thread.
/// </summary>
internal abstract partial class RemoteServerEnd : IServerEnd, INewsDesk
{
    private readonly LinkTerms terms;
    private readonly Limits limits;
    private readonly Timer watch;
    private readonly Inbox inbox = new();
    private readonly Action<int> listen;
    private readonly List<Peer> watched = [];
    private volatile int hostlessTicks;
    private int refusals;
    private int lastNumber;
    private long visits;
    private long visitsThen;
    private volatile bool isAway;

    // The server's thread alone.
    private readonly List<Peer> everJoined = [];
    private readonly List<Peer> peers = [];
    private readonly Dictionary<long, Place> places = [];
    private readonly Queue<LinkEvent> happened = new();
    private readonly Doubts doubts = new();
    private bool disposed;

    protected RemoteServerEnd(LinkTerms terms, Limits limits)
    {
        (this.terms, this.limits, listen) = (terms, limits, Listen);
        watch = new Timer(_ => Tick(), null, limits.Tick, limits.Tick);
    }

    public IHostEnd? LocalHost => null;

    public abstract Meeting? Meeting { get; }

    public int Free { get; private set; }

    public int Reserve => Math.Max(1, peers.Count);

    public IReadOnlyList<HostTraffic> Traffic => [.. everJoined.Select(peer => peer.Traffic)];

    public bool Listens => terms.Heard is null;

    public bool IsAway => isAway;

    protected LinkTerms Terms => terms;

    protected Limits Limits => limits;

    /// <summary>Those that are there; the server's thread alone.</summary>
    protected List<Peer> Peers => peers;

    public virtual NativeVector CreateSent(int length) => new(length);

    public void Post(in Work work)
    {
        WorkShape.Check(work, terms);
        CheckSent(work.Sent);
        var peer = Choose(doubts.About(work))
            ?? throw new InvalidOperationException($"All slots of {peers.Count} worker hosts are taken.");
        Free--;
        places.Add(work.Ticket, new Place(peer, peer.Hand(work), work.Worker, work.Gradient));
    }

    public void Cancel(long ticket)
    {
        if (places.TryGetValue(ticket, out var place) && place.Peer.IsOut(place.Slot, ticket))
        {
            place.Peer.Withdraw(place.Slot, ticket);
        }
    }

    public bool Take(int timeout, out LinkEvent next)
    {
        var slept = false;
        isAway = false;
        Volatile.Write(ref visits, visits + 1);
        while (true)
        {
            if (happened.Count == 0)
            {
                LookAtHosts();
                Drain();
            }

            if (happened.TryDequeue(out next))
            {
                return true;
            }

            ThrowIfDeserted();
            if (timeout == 0 || (slept && timeout > 0) || !Sleep(timeout))
            {
                return false;
            }

            slept = true;
        }
    }

    public void Wake() => inbox.Wake();

    public void Return(long ticket, bool traced = false)
    {
        if (!places.Remove(ticket, out var place))
        {
            throw new InvalidOperationException($"Ticket {ticket} holds no result.");
        }

        place.Peer.Return(place.Slot, ticket, traced);
        if (!place.Peer.IsGone)
        {
            Free++;
        }
        else if (place.Peer.Used == 0)
        {
            place.Peer.FreeMemory();
        }
    }

    public void Tell(in PeerNews news)
    {
        if (news.Kind == PeerNewsKind.Joined)
        {
            lock (watched)
            {
                watched.Add(news.Peer!);
            }
        }

        inbox.Tell(news);
        if (news.Kind != PeerNewsKind.Joined)
        {
            // A hint: nobody keeps the number of slots in use from changing.
            terms.Heard?.Invoke(news.Peer is not { Used: > 1 });
        }
    }

    public void Ring()
    {
        inbox.Ring();
        terms.Heard?.Invoke(true);
    }

    public void Refused(string who)
    {
        var count = Interlocked.Increment(ref refusals);
        if (count <= limits.ToldRefusals)
        {
            var message = count < limits.ToldRefusals ? who : who + " (further refusals are not told)";
            Tell(new PeerNews(PeerNewsKind.Refused, null, 0, 0, 0, 0, true, message));
        }
    }

    public int NextNumber() => Interlocked.Increment(ref lastNumber);

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        CloseReception();
        using (var ended = new ManualResetEvent(false))
        {
            watch.Dispose(ended);
            ended.WaitOne();
        }

        // Those that joined and were not yet noticed are closed too.
        Drain();
        peers.ForEach(peer => peer.Farewell());
        peers.ForEach(peer => peer.Close());

        Drain();
        foreach (var peer in everJoined.Where(peer => peer.Used > 0))
        {
            peer.FreeMemory();
        }

        inbox.Dispose();
        Closed();
    }

    /// <summary>Whether a vector can be sent.</summary>
    /// <exception cref="ArgumentException">It lies in the wrong place.</exception>
    protected virtual void CheckSent(NativeVector vector)
    {
    }

    /// <summary>Stops listening and lets nobody in any more; whoever was half-way in has been told or cut off when this returns.</summary>
    protected abstract void CloseReception();

    /// <summary>Called when no host is there any more.</summary>
    protected virtual void Closed()
    {
    }

    /// <summary>Called at every tick of the watch.</summary>
    protected abstract void TickReception();

    /// <summary>Looks for results that nobody tells of; without waiting.</summary>
    protected virtual void Collect() => Listen(0);

    /// <summary>Tells hosts that the server is about to wait and wants to be rung for.</summary>
    /// <returns>Whether something has come meanwhile.</returns>
    protected virtual bool Settle(int timeout) => false;

    /// <summary>A ticket ended at a peer.</summary>
    protected void Ended(in PeerNews news)
    {
        var peer = news.Peer!;
        if (!peer.IsOut(news.Slot, news.Ticket))
        {
            peer.Fail("it answered for work that it does not hold");
            return;
        }

        var place = places[news.Ticket];
        if (news.Kind == PeerNewsKind.Completed && !Doubted(news, place))
        {
            peer.Hold(news.Slot);
            happened.Enqueue(new LinkEvent(LinkEventKind.Completed, news.Ticket, peer.Number, peer.ResultOf(news.Slot), news.Loss, news.ComputeTime, null)
            {
                Started = news.Started,
                Span = news.Span,
            });
            return;
        }

        var kind = news.Kind switch
        {
            PeerNewsKind.Failed => LinkEventKind.Failed,
            PeerNewsKind.Cancelled => LinkEventKind.Cancelled,
            _ => LinkEventKind.Lost,
        };
        End(place, news.Ticket);
        happened.Enqueue(new LinkEvent(kind, news.Ticket, peer.Number, null, double.NaN, 0, news.Message));
    }

    // Where a thread per host listens, it brings all there is.
    private void LookAtHosts()
    {
        if (Listens)
        {
            Collect();
        }
    }

    // Waits for news, a ring or a wake.
    private bool Sleep(int timeout)
    {
        if (Listens && Settle(timeout))
        {
            return true;
        }

        var goOn = inbox.Sleep(timeout, listen);
        ThrowIfDeserted();
        return goOn;
    }

    private void ThrowIfDeserted()
    {
        if (hostlessTicks >= limits.Ticks(limits.HostWait))
        {
            throw new TransportException($"The last worker host left the run, and none has joined for {limits.HostWait / 1000.0} s.");
        }
    }

    // Hosts whose sockets the server's thread reads itself.
    private void Listen(int timeout)
    {
        if (inbox.Readiness is not { } readiness)
        {
            return;
        }

        readiness.Clear();
        foreach (var peer in peers)
        {
            peer.Place = peer.Handle is >= 0 and var handle ? readiness.Add(handle) : -1;
        }

        if ((timeout != 0 || readiness.Any) && readiness.Wait(timeout))
        {
            for (var i = 0; i < peers.Count; i++)
            {
                if (peers[i] is { Place: >= 0 } peer && readiness.Has(peer.Place))
                {
                    peer.Hear();
                    while (peer.TryTake(out var news))
                    {
                        Ended(news);
                    }
                }
            }
        }
    }

    private void Drain()
    {
        var drained = inbox.TakeAll();
        while (drained.TryDequeue(out var news))
        {
            switch (news.Kind)
            {
                case PeerNewsKind.Joined:
                    Join(news);
                    break;
                case PeerNewsKind.Left:
                    Leave(news);
                    break;
                case PeerNewsKind.Refused:
                    happened.Enqueue(new LinkEvent(LinkEventKind.HostRefused, 0, -1, null, double.NaN, 0, news.Message));
                    break;
                default:
                    Ended(news);
                    break;
            }
        }
    }

    private void End(in Place place, long ticket)
    {
        places.Remove(ticket);
        place.Peer.End(place.Slot);
        Free += place.Peer.IsGone ? 0 : 1;
    }

    private bool Doubted(in PeerNews news, in Place place)
    {
        var finite = news.Finite && double.IsFinite(news.Loss);
        if (finite && doubts.Count == 0)
        {
            return false;
        }

        if (doubts.Settle(place, finite) is { } liar)
        {
            liar.Fail($"it pushed values that are not finite for worker {place.Worker}'s push {place.Gradient}, where host {place.Peer.Number} computed finite ones");
            return false;
        }

        return !finite && peers.Count > 1 && doubts.Raise(place);
    }
}

/// <summary>Where a ticket is.</summary>
internal readonly record struct Place(Peer Peer, int Slot, int Worker, long Gradient);

/// <summary>Where peers' threads bring their news.</summary>
internal interface INewsDesk
{
    /// <summary>Brings news; that a host has joined is looked at after the next <see cref="Ring"/>.</summary>
    void Tell(in PeerNews news);

    /// <summary>Has the server look for itself.</summary>
    void Ring();

    void Refused(string who);

    /// <summary>A number for a host, from 1.</summary>
    int NextNumber();

    /// <summary>Whether the server's thread listens to hosts while it waits; otherwise a thread per host does.</summary>
    bool Listens { get; }

    /// <summary>Whether the server's thread has been busy with something else for a while.</summary>
    bool IsAway { get; }
}

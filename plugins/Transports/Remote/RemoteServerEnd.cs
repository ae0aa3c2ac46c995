using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// The server's end where hosts are other processes: who is there, which ticket is where, what
/// happened. Peers' threads leave events in an inbox; all else belongs to the server's thread.
/// </summary>
internal abstract partial class RemoteServerEnd : IServerEnd, IPeerEvents
{
    private readonly LinkTerms terms;
    private readonly Limits limits;
    private readonly Timer watch;
    private readonly Inbox inbox;
    private readonly GradientTimes gradientTimes;
    private readonly List<Peer> watched = [];
    private volatile int hostlessTicks;
    private int refusals;
    private int lastNumber;
    private long visits;
    private long visitsThen;
    private volatile bool isAway;

    // The server's thread alone.
    private readonly List<Peer> peers = [];

    // Of those that are gone: whose results the server still holds, and what the others carried.
    private readonly List<Peer> lingering = [];
    private readonly List<HostTraffic> departed = [];
    private readonly Dictionary<long, Assignment> assignments = [];
    private readonly Queue<LinkEvent> happened = new();
    private readonly NonFiniteArbiter arbiter = new();
    private bool disposed;

    protected RemoteServerEnd(LinkTerms terms, Limits limits)
    {
        (this.terms, this.limits, inbox) = (terms, limits, new Inbox(peers, Hear));
        gradientTimes = new GradientTimes(limits);
        watch = new Timer(_ => Tick(), null, limits.Tick, limits.Tick);
    }

    public IHostEnd? LocalHost => null;

    public abstract Meeting? Meeting { get; }

    public int Free { get; private set; }

    public int Reserve => Math.Max(1, peers.Count);

    public IReadOnlyList<HostTraffic> Traffic => [.. peers.Concat(lingering).Select(peer => peer.Traffic).Concat(departed).OrderBy(host => host.Host)];

    public bool Listens => terms.ResultReady is null;

    public bool IsAway => isAway;

    protected LinkTerms Terms => terms;

    protected Limits Limits => limits;

    /// <summary>Those that are there; the server's thread alone.</summary>
    protected internal List<Peer> Peers => peers;

    public virtual NativeVector CreateSent(int length) => new(length);

    public void Post(in Work work)
    {
        WorkShape.Check(work, terms);
        CheckSent(work.Sent);
        var peer = Choose(arbiter.Suspect(work))
            ?? throw new InvalidOperationException($"All slots of {peers.Count} worker hosts are taken.");
        Free--;
        assignments.Add(work.Ticket, new Assignment(peer, peer.Hand(work), work.Worker, work.Gradient));
    }

    public void Cancel(long ticket)
    {
        if (assignments.TryGetValue(ticket, out var assignment) && assignment.Peer.IsOut(assignment.Slot, ticket))
        {
            assignment.Peer.Withdraw(assignment.Slot, ticket);
        }
    }

    public bool Receive(int timeout, out LinkEvent next)
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
        if (!assignments.Remove(ticket, out var assignment))
        {
            throw new InvalidOperationException($"Ticket {ticket} holds no result.");
        }

        assignment.Peer.Return(assignment.Slot, ticket, traced);
        if (!assignment.Peer.IsGone)
        {
            Free++;
        }
        else
        {
            ForgetIfUnused(assignment.Peer);
        }
    }

    public void Report(in PeerEvent peerEvent)
    {
        if (peerEvent.Event.Kind == LinkEventKind.HostJoined)
        {
            lock (watched)
            {
                watched.Add(peerEvent.Peer!);
            }
        }

        inbox.Add(peerEvent);
        if (peerEvent.Event.Kind != LinkEventKind.HostJoined)
        {
            // A hint: nobody keeps the number of slots in use from changing.
            terms.ResultReady?.Invoke(peerEvent.Peer is not { Used: > 1 });
        }
    }

    public void Ring()
    {
        inbox.Ring();
        terms.ResultReady?.Invoke(true);
    }

    public void Refused(string who)
    {
        var count = Interlocked.Increment(ref refusals);
        if (count <= limits.ToldRefusals)
        {
            var message = count < limits.ToldRefusals ? who : who + " (further refusals are not told)";
            Report(new PeerEvent(null, LinkEventKind.HostRefused, message));
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
        StopAccepting();
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
        foreach (var peer in lingering.Concat(peers))
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

    /// <summary>
    /// Stops listening and lets nobody in any more; whoever was half-way in has been told or cut
    /// off when this returns.
    /// </summary>
    protected abstract void StopAccepting();

    /// <summary>Called when no host is there any more.</summary>
    protected virtual void Closed()
    {
    }

    /// <summary>Called at every tick of the watch.</summary>
    protected abstract bool TickAcceptor();

    /// <summary>Looks for results that nobody tells of; without waiting.</summary>
    protected virtual void Collect() => inbox.Listen(0);

    /// <summary>Tells hosts that the server is about to wait and wants to be rung for.</summary>
    /// <returns>Whether something has come meanwhile.</returns>
    protected virtual bool AnnounceSleep(int timeout) => false;

    /// <summary>A ticket ended at a peer.</summary>
    protected void Ended(in PeerEvent peerEvent)
    {
        var (peer, told) = (peerEvent.Peer!, peerEvent.Event);
        if (!peer.IsOut(peerEvent.Slot, told.Ticket))
        {
            peer.Fail("it answered for work that it does not hold");
            return;
        }

        var assignment = assignments[told.Ticket];
        if (told.Kind == LinkEventKind.Completed && !IsDoubted(peerEvent, assignment))
        {
            peer.Hold(peerEvent.Slot);
            happened.Enqueue(told with { Result = peer.ResultOf(peerEvent.Slot) });
            return;
        }

        // A result that is doubted is as good as lost: its work is handed out again.
        var kind = told.Kind == LinkEventKind.Completed ? LinkEventKind.Lost : told.Kind;
        End(assignment, told.Ticket);
        happened.Enqueue(new LinkEvent(kind, told.Ticket, peer.Number, null, double.NaN, 0, told.Message));
    }

    // Where a thread per host listens, it brings all there is.
    private void LookAtHosts()
    {
        if (Listens)
        {
            Collect();
        }
    }

    // Waits for events, a ring or a wake.
    private bool Sleep(int timeout)
    {
        if (Listens && AnnounceSleep(timeout))
        {
            return true;
        }

        var goOn = inbox.Sleep(timeout);
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

    private void Hear(Peer peer)
    {
        peer.Hear();
        while (peer.TryTake(out var peerEvent))
        {
            Ended(peerEvent);
        }
    }

    private void Drain()
    {
        var drained = inbox.TakeAll();
        while (drained.TryDequeue(out var peerEvent))
        {
            switch (peerEvent.Event.Kind)
            {
                case LinkEventKind.HostJoined:
                    Join(peerEvent.Peer!);
                    break;
                case LinkEventKind.HostLeft:
                    Leave(peerEvent.Peer!, peerEvent.Event.Message);
                    break;
                case LinkEventKind.HostRefused:
                    happened.Enqueue(peerEvent.Event);
                    break;
                default:
                    Ended(peerEvent);
                    break;
            }
        }
    }

    private void End(in Assignment assignment, long ticket)
    {
        assignments.Remove(ticket);
        assignment.Peer.End(assignment.Slot);
        Free += assignment.Peer.IsGone ? 0 : 1;
    }

    private bool IsDoubted(in PeerEvent peerEvent, in Assignment assignment)
    {
        var finite = !peerEvent.HasNonFinite && double.IsFinite(peerEvent.Event.Loss);
        if (finite && arbiter.Count == 0)
        {
            return false;
        }

        if (arbiter.Resolve(assignment, finite) is { } liar)
        {
            liar.Fail($"it pushed values that are not finite for worker {assignment.Worker}'s push {assignment.Gradient}, where host {assignment.Peer.Number} computed finite ones");
            return false;
        }

        return !finite && peers.Count > 1 && arbiter.Doubt(assignment);
    }
}

/// <summary>Where a ticket is.</summary>
internal readonly record struct Assignment(Peer Peer, int Slot, int Worker, long Gradient);

/// <summary>Where peers' threads bring their events.</summary>
internal interface IPeerEvents
{
    /// <summary>
    /// Brings events; that a host has joined is looked at after the next <see cref="Ring"/>.
    /// </summary>
    void Report(in PeerEvent peerEvent);

    /// <summary>Has the server look for itself.</summary>
    void Ring();

    void Refused(string who);

    /// <summary>A number for a host, from 1.</summary>
    int NextNumber();

    /// <summary>
    /// Whether the server's thread listens to hosts while it waits; otherwise a thread per host
    /// does.
    /// </summary>
    bool Listens { get; }

    /// <summary>
    /// Whether the server's thread has been busy with something else for a while.
    /// </summary>
    bool IsAway { get; }
}

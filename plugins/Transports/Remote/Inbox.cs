namespace Orchestrator.Transports;

/// <summary>
/// Where peers' threads leave events, and what the server's thread sleeps on until there is some:
/// on Linux hosts' sockets and a bell, elsewhere a monitor.
/// </summary>
/// <param name="peers">The hosts whose sockets are listened to; the server's thread alone changes
/// the list.</param>
/// <param name="hear">Called with a host whose socket has something, or has ended.</param>
internal sealed class Inbox(IReadOnlyList<Peer> peers, Action<Peer> hear) : IDisposable
{
    private readonly object gate = new();
    private Queue<PeerEvent> arrived = new();
    private Queue<PeerEvent> taken = new();
    private volatile bool isSleptOn;
    private bool rung;
    private bool woken;
    private bool dozes;
    private bool disposed;

    // Null where the system cannot wait for sockets and a bell.
    private readonly Readiness? readiness = OperatingSystem.IsLinux() ? new Readiness() : null;

    // By host: its socket's place among those that are waited for; -1 where a thread of its own
    // reads it.
    private int[] sockets = [];

    /// <summary>
    /// Whether the server's thread is listening to sockets for want of anything else.
    /// </summary>
    public bool IsSleptOn => isSleptOn;

    /// <summary>Whether there are events that nobody has taken.</summary>
    public bool HasWaiting
    {
        get
        {
            lock (gate)
            {
                return arrived.Count > 0;
            }
        }
    }

    public void Add(in PeerEvent peerEvent)
    {
        lock (gate)
        {
            arrived.Enqueue(peerEvent);
            Rouse();
        }
    }

    /// <summary>Ends a sleep, or the next one: there is something to look at.</summary>
    public void Ring()
    {
        lock (gate)
        {
            rung = true;
            Rouse();
        }
    }

    /// <summary>Ends a sleep, or the next one, and says so to the sleeper.</summary>
    public void Wake()
    {
        lock (gate)
        {
            woken = true;
            Rouse();
        }
    }

    /// <summary>
    /// All events so far; the queue is the caller's until the next call, and must be empty by then.
    /// The server's thread alone.
    /// </summary>
    public Queue<PeerEvent> TakeAll()
    {
        lock (gate)
        {
            (arrived, taken) = (taken, arrived);
        }

        return taken;
    }

    /// <summary>Waits for events, a ring or a wake. The server's thread alone.</summary>
    /// <param name="timeout">Longest wait in ms; -1 for ever.</param>
    /// <returns>False when it was woken.</returns>
    public bool Sleep(int timeout)
    {
        bool nothing;
        lock (gate)
        {
            nothing = arrived.Count == 0 && !rung && !woken;
            dozes = nothing;
            if (nothing && readiness is null)
            {
                Monitor.Wait(gate, timeout);
            }
        }

        if (nothing && readiness is not null)
        {
            isSleptOn = true;
            Listen(timeout);
            isSleptOn = false;
        }

        lock (gate)
        {
            dozes = false;
            var goOn = !woken;
            (woken, rung) = (false, false);
            return goOn;
        }
    }

    /// <summary>Hears the hosts whose sockets have something. The server's thread alone.</summary>
    /// <param name="timeout">Longest wait in ms for a socket or the bell; -1 for ever, 0 only
    /// looks.</param>
    public void Listen(int timeout)
    {
        if (readiness is null)
        {
            return;
        }

        readiness.Clear();
        if (sockets.Length < peers.Count)
        {
            Array.Resize(ref sockets, 2 * peers.Count);
        }

        var count = peers.Count;
        for (var i = 0; i < count; i++)
        {
            sockets[i] = peers[i].Handle is >= 0 and var handle ? readiness.Add(handle) : -1;
        }

        if ((timeout == 0 && !readiness.Any) || !readiness.Wait(timeout))
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            if (sockets[i] >= 0 && readiness.Has(sockets[i]))
            {
                hear(peers[i]);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            readiness?.Dispose();
        }
    }

    // Under the lock, so that no bell is rung that has been disposed of.
    private void Rouse()
    {
        if (readiness is null)
        {
            Monitor.PulseAll(gate);
        }
        else if (dozes && !disposed)
        {
            dozes = false;
            readiness.Ring();
        }
    }
}

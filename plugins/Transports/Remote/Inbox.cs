namespace Orchestrator.Transports;

/// <summary>
/// Where peers' threads leave events, and what the server's thread sleeps on until there is some:
/// on Linux hosts' sockets and a bell, elsewhere a monitor.
/// </summary>
internal sealed class Inbox : IDisposable
{
    private readonly object gate = new();
    private Queue<PeerEvent> arrived = new();
    private Queue<PeerEvent> taken = new();
    private volatile bool isSleptOn;
    private bool rung;
    private bool woken;
    private bool dozes;
    private bool disposed;

    /// <summary>The sockets to listen to while asleep; null where the system cannot.</summary>
    public Readiness? Readiness { get; } = OperatingSystem.IsLinux() ? new Readiness() : null;

    /// <summary>
    /// Whether the server's thread is listening to sockets for want of anything else.
    /// </summary>
    public bool IsSleptOn => isSleptOn;

    public void Tell(in PeerEvent peerEvent)
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
    /// <param name="listen">Waits for the sockets and the bell.</param>
    /// <returns>False when it was woken.</returns>
    public bool Sleep(int timeout, Action<int> listen)
    {
        bool nothing;
        lock (gate)
        {
            nothing = arrived.Count == 0 && !rung && !woken;
            dozes = nothing;
            if (nothing && Readiness is null)
            {
                Monitor.Wait(gate, timeout);
            }
        }

        if (nothing && Readiness is not null)
        {
            isSleptOn = true;
            listen(timeout);
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

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            Readiness?.Dispose();
        }
    }

    // Under the lock, so that no bell is rung that has been disposed of.
    private void Rouse()
    {
        if (Readiness is null)
        {
            Monitor.PulseAll(gate);
        }
        else if (dozes && !disposed)
        {
            dozes = false;
            Readiness.Ring();
        }
    }
}

using System.Net.Sockets;

namespace Orchestrator.Transports;

/// <summary>
/// Lets hosts in: accepts connections, gives each a thread for its handshake, and bounds how many may be unproven and for how long. The thread stays as
/// the reader of the host that it let in.
/// </summary>
internal sealed class Reception : IDisposable
{
    private readonly Socket listener;
    private readonly INewsDesk desk;
    private readonly Limits limits;
    private readonly Action<Visitor> receive;
    private readonly LinkedList<Visitor> visitors = new();
    private readonly Thread accepting;
    private bool closed;

    /// <param name="listener">Bound and listening; closed with this.</param>
    /// <param name="desk">Told of refusals.</param>
    /// <param name="limits">How many and how long.</param>
    /// <param name="receive">Does the handshake and stays until the host is gone.</param>
    public Reception(Socket listener, INewsDesk desk, Limits limits, Action<Visitor> receive)
    {
        (this.listener, this.desk, this.limits, this.receive) = (listener, desk, limits, receive);
        accepting = new Thread(Accept) { IsBackground = true, Name = "accept" };
        accepting.Start();
    }

    /// <summary>Cuts off whoever takes too long.</summary>
    public void Tick()
    {
        lock (visitors)
        {
            foreach (var visitor in visitors)
            {
                visitor.Age++;
                if (visitor.Age > limits.Ticks(visitor.IsProven ? limits.Loading : limits.Proving))
                {
                    visitor.CutOff(visitor.IsProven ? "it took too long to load" : "it said nothing that lets it in, for too long");
                }
            }
        }
    }

    /// <summary>
    /// Makes a peer of a visitor that was let in, and tells so; from then on it is the server's to close. Nobody comes in between, so that none is forgotten
    /// when the run ends at that moment.
    /// </summary>
    /// <exception cref="RefusedException">It was cut off at the last moment.</exception>
    public T Admit<T>(Visitor visitor, Func<T> make) where T : Peer
    {
        T peer;
        lock (visitors)
        {
            visitors.Remove(visitor);
            if (closed || visitor.CutOffBecause is not null)
            {
                throw new RefusedException("the run is over");
            }

            peer = make();
            desk.Tell(new PeerNews(PeerNewsKind.Joined, peer, 0, 0, 0, 0, true, null));
        }

        desk.Ring();
        return peer;
    }

    public void Dispose()
    {
        lock (visitors)
        {
            closed = true;
            foreach (var visitor in visitors)
            {
                visitor.CutOff("the run is over");
            }
        }

        listener.Dispose();
        accepting.Join();
        while (true)
        {
            Thread thread;
            lock (visitors)
            {
                if (visitors.First is not { } first)
                {
                    return;
                }

                thread = first.Value.Thread;
            }

            thread.Join();
        }
    }

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                lock (visitors)
                {
                    if (closed)
                    {
                        return;
                    }

                    // Out of file handles, say: others go on, and the next connection is tried a little later.
                    Monitor.Wait(visitors, limits.Tick);
                }

                desk.Refused($"a connection could not be accepted: {e.Message}");
                continue;
            }

            Welcome(new Visitor(socket));
        }
    }

    private void Welcome(Visitor visitor)
    {
        lock (visitors)
        {
            if (closed)
            {
                visitor.CutOff("the run is over");
                return;
            }

            visitor.Thread = new Thread(() => Receive(visitor), maxStackSize: 512 << 10) { IsBackground = true, Name = "host " + visitor.Name };
            visitors.AddLast(visitor);
            var strangers = visitors.Where(v => !v.IsProven && v.CutOffBecause is null).ToList();
            if (strangers.Count > limits.Strangers)
            {
                strangers[0].CutOff("too many others wait to be let in");
            }

            visitor.Thread.Start();
        }
    }

    // Whatever a visitor does ends here at the worst: its connection is closed, and the run goes on.
    private void Receive(Visitor visitor)
    {
        try
        {
            receive(visitor);
        }
        catch (Exception e)
        {
            desk.Refused($"{visitor.Name}: {visitor.CutOffBecause ?? (e is EndOfStreamException ? "it hung up" : e.Message)}");
        }
        finally
        {
            visitor.Socket.Dispose();
            lock (visitors)
            {
                visitors.Remove(visitor);
            }
        }
    }
}

/// <summary>Somebody who connected and has not been let in yet.</summary>
internal sealed class Visitor(Socket socket)
{
    private string? cutOffBecause;

    public Socket Socket => socket;

    public string Name { get; } = (socket.RemoteEndPoint as System.Net.IPEndPoint)?.ToString() ?? "a process of this machine";

    public Thread Thread { get; set; } = null!;

    /// <summary>In ticks of the watch.</summary>
    public int Age { get; set; }

    public volatile bool IsProven;

    public string? CutOffBecause => Volatile.Read(ref cutOffBecause);

    public void CutOff(string why)
    {
        if (Interlocked.CompareExchange(ref cutOffBecause, why, null) is null)
        {
            socket.Dispose();
        }
    }
}

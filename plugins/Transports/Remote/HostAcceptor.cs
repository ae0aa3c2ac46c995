using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// Lets hosts in: accepts connections, gives each a thread for its handshake, and bounds how many
/// may be unproven and for how long. The thread stays as the reader of the host that it let in.
/// </summary>
internal sealed class HostAcceptor : IDisposable
{
    private readonly Socket listener;
    private readonly IPeerEvents events;
    private readonly Limits limits;
    private readonly Action<PendingConnection> receive;
    private readonly LinkedList<PendingConnection> pending = new();
    private readonly Thread accepting;
    private bool closed;

    /// <param name="listener">Bound and listening; closed with this.</param>
    /// <param name="events">Told of refusals.</param>
    /// <param name="limits">How many and how long.</param>
    /// <param name="receive">Does the handshake and stays until the host is gone.</param>
    public HostAcceptor(Socket listener, IPeerEvents events, Limits limits, Action<PendingConnection> receive)
    {
        (this.listener, this.events, this.limits, this.receive) = (listener, events, limits, receive);
        accepting = new Thread(Accept) { IsBackground = true, Name = "accept" };
        accepting.Start();
    }

    /// <summary>Cuts off whoever takes too long.</summary>
    /// <returns>Whether one that has proved itself is on its way in.</returns>
    public bool Tick()
    {
        lock (pending)
        {
            foreach (var connection in pending)
            {
                connection.Age++;
                if (connection.Age > limits.Ticks(connection.IsProven ? limits.Loading : limits.Proving))
                {
                    connection.CutOff(connection.IsProven ? "it took too long to load" : "it said nothing that lets it in, for too long");
                }
            }

            return pending.Any(connection => connection.IsProven && connection.CutOffBecause is null);
        }
    }

    /// <summary>
    /// Makes a peer of a connection that was let in, and tells so; from then on it is the server's
    /// to close. Nobody comes in between, so that none is forgotten when the run ends at that
    /// moment.
    /// </summary>
    /// <exception cref="RefusedException">It was cut off at the last moment.</exception>
    public T Admit<T>(PendingConnection connection, Func<T> make) where T : Peer
    {
        T peer;
        lock (pending)
        {
            pending.Remove(connection);
            if (closed || connection.CutOffBecause is not null)
            {
                throw new RefusedException("the run is over");
            }

            peer = make();
            events.Report(new PeerEvent(peer, LinkEventKind.HostJoined, null));
        }

        events.Ring();
        return peer;
    }

    public void Dispose()
    {
        lock (pending)
        {
            closed = true;
            foreach (var connection in pending)
            {
                connection.CutOff("the run is over");
            }
        }

        listener.Dispose();
        accepting.Join();
        while (true)
        {
            Thread thread;
            lock (pending)
            {
                if (pending.First is not { } first)
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
                lock (pending)
                {
                    if (closed)
                    {
                        return;
                    }

                    // Out of file handles, say: others go on, and the next connection is tried a
                    // little later.
                    Monitor.Wait(pending, limits.Tick);
                }

                events.Refused($"a connection could not be accepted: {e.Message}");
                continue;
            }

            Welcome(new PendingConnection(socket));
        }
    }

    private void Welcome(PendingConnection connection)
    {
        lock (pending)
        {
            if (closed)
            {
                connection.CutOff("the run is over");
                return;
            }

            connection.Thread = new Thread(() => Receive(connection), maxStackSize: 512 << 10) { IsBackground = true, Name = "host " + connection.Name };
            pending.AddLast(connection);
            var strangers = pending.Where(v => !v.IsProven && v.CutOffBecause is null).ToList();
            if (strangers.Count > limits.Strangers)
            {
                strangers[0].CutOff("too many others wait to be let in");
            }

            connection.Thread.Start();
        }
    }

    // Whatever a connection does ends here at the worst: its connection is closed, and the run goes
    // on.
    private void Receive(PendingConnection connection)
    {
        try
        {
            receive(connection);
        }
        catch (Exception e)
        {
            events.Refused($"{connection.Name}: {connection.CutOffBecause ?? (e is EndOfStreamException ? "it hung up" : e.Message)}");
        }
        finally
        {
            connection.Socket.Dispose();
            lock (pending)
            {
                pending.Remove(connection);
            }
        }
    }
}

/// <summary>Somebody who connected and has not been let in yet.</summary>
internal sealed class PendingConnection(Socket socket)
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

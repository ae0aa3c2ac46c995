using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Host.Tests;

/// <summary>
/// A way to a port of this machine that can be cut: both ends keep their connections, and nothing
/// arrives any more.
/// </summary>
internal sealed class Partition : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> sockets = [];
    private readonly int port;
    private volatile bool cut;
    private long carried;

    public Partition(int port)
    {
        this.port = port;
        listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>Where the other side may connect.</summary>
    public string Address => listener.LocalEndpoint.ToString()!;

    /// <summary>Bytes forwarded.</summary>
    public long Carried => Volatile.Read(ref carried);

    public void Cut() => cut = true;

    public void Dispose()
    {
        listener.Dispose();
        lock (sockets)
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var near = listener.AcceptSocket();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (sockets)
                {
                    sockets.AddRange([near, far]);
                }

                far.Connect(IPAddress.Loopback, port);
                new Thread(() => Forward(near, far)) { IsBackground = true }.Start();
                new Thread(() => Forward(far, near)) { IsBackground = true }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Dispose();
        }
    }

    private void Forward(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (from.Receive(buffer) is > 0 and var count)
            {
                if (!cut)
                {
                    to.Send(buffer.AsSpan(0, count));
                    Interlocked.Add(ref carried, count);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            from.Dispose();
            to.Dispose();
        }
    }
}

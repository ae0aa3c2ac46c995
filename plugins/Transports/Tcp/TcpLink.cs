using System.Net.Sockets;

namespace Orchestrator.Transports;

/// <summary>How sockets are set on either side.</summary>
internal static class TcpLink
{
    private const int TcpLevel = 6;
    private const int UserTimeout = 18;
    private const int Unanswered = 120_000;

    // Frames leave when they are written; a peer whose machine vanished is noticed even where
    // nobody writes.
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
        if (OperatingSystem.IsLinux())
        {
            // Who writes regularly is never asked by a keep-alive; what nobody acknowledges for as
            // long (ms) ends the connection instead.
            socket.SetRawSocketOption(TcpLevel, UserTimeout, BitConverter.GetBytes(Unanswered));
        }
    }

    // Linux ends a connection too whose other end acknowledges everything and has no room, as one
    // that computes has. Whoever watches the other end by itself knows better.
    public static void LeaveToItsWatch(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(TcpLevel, UserTimeout, BitConverter.GetBytes(int.MaxValue));
        }
    }
}

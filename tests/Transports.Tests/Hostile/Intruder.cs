using System.Net.Sockets;
using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports.Tests;

/// <summary>
/// A client of our own that speaks as much of the protocol as a test wants and then does something
/// else.
/// </summary>
internal sealed class Intruder : IDisposable
{
    private readonly HostHandshake handshake;

    /// <param name="server">Whom to talk to.</param>
    public Intruder(IServerEnd server)
    {
        var address = Addresses.Resolve(server.Meeting!.Address)[0];
        Socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(address);
        Stream = new NetworkStream(Socket, ownsSocket: true);
        handshake = new HostHandshake(Stream, Token.Read(server.Meeting.TokenFile!));
    }

    public Socket Socket { get; }

    public NetworkStream Stream { get; }

    /// <summary>Joins as a host would.</summary>
    public Intruder Join(int cores = 1)
    {
        handshake.Greet(cores);
        handshake.Show(handshake.Terms.Session.Facts);
        return this;
    }

    /// <summary>Joins, and waits until the run has noticed.</summary>
    public Intruder JoinAt(GuardedRun run)
    {
        Join();
        run.Until(LinkEventKind.HostJoined);
        return this;
    }

    /// <summary>The next work, with what was sent.</summary>
    public (Frame Frame, float[] Sent) ReceiveWork()
    {
        var header = new byte[Frame.HeaderLength];
        Stream.ReadExactly(header);
        var frame = Frame.Read(header);
        var body = new byte[frame.Length];
        Stream.ReadExactly(body);
        return (frame, MemoryMarshal.Cast<byte, float>(body).ToArray());
    }

    public Frame Answer(in Frame work) =>
        new(
            (handshake.Terms.PushLength + handshake.Terms.StateLength) * sizeof(float), FrameKind.Result, 0, work.Slot, 0, work.Worker, work.Ticket,
            work.Gradient, 5, 0, 0.25);

    public void Send(in Frame frame, float value)
    {
        var bytes = new byte[Frame.HeaderLength + frame.Length];
        frame.Write(bytes);
        MemoryMarshal.Cast<byte, float>(bytes.AsSpan(Frame.HeaderLength)).Fill(value);
        Stream.Write(bytes);
    }

    public void SendRaw(ReadOnlySpan<byte> bytes) => Stream.Write(bytes);

    /// <summary>Whether the server has ended the connection; waits for it.</summary>
    public bool IsCutOff()
    {
        var bytes = new byte[4_096];
        Socket.ReceiveTimeout = 20_000;
        try
        {
            while (Stream.Read(bytes) > 0)
            {
            }

            return true;
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut })
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => Stream.Dispose();
}

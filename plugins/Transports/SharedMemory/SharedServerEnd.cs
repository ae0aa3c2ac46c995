using System.Net.Sockets;
using System.Security.Cryptography;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// The server's end of all shared-memory links: where its thread waits, it looks for results
/// itself, spins a little, and asks to be rung for before it sleeps; otherwise a thread per host
/// does (<see cref="SharedPeer"/>).
/// </summary>
internal sealed class SharedServerEnd : RemoteServerEnd
{
    private readonly Spin spin = new();
    private readonly ServerHandshake handshake;
    private readonly HostAcceptor acceptor;
    private readonly SentMemory sent;
    private bool dozes;

    private SharedServerEnd(LinkTerms terms, Limits limits, Socket listener, string address)
        : base(terms, limits)
    {
        Meeting = new Meeting(address, null);
        sent = new SentMemory(terms.SentLength);
        handshake = new ServerHandshake(terms, Token.None);
        acceptor = new HostAcceptor(listener, this, limits, Receive);
    }

    public override Meeting Meeting { get; }

    public static SharedServerEnd Open(LinkTerms terms, Limits limits)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new TransportException("The shared-memory transport needs Linux; tcp works on every system.");
        }

        var address = terms.Place.Address ?? SharedJoining.Prefix + "orchestrator-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(SharedJoining.EndPoint(address));
            listener.Listen(64);
            return new SharedServerEnd(terms, limits, listener, address);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new TransportException($"{address}: cannot listen there ({e.Message})", e);
        }
    }

    public override NativeVector CreateSent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, Terms.SentLength);
        return sent.Create();
    }

    protected override void CheckSent(NativeVector vector) => sent.PlaceOf(vector);

    protected override void StopAccepting() => acceptor.Dispose();

    protected override void Closed() => sent.Dispose();

    protected override bool TickAcceptor() => acceptor?.Tick() == true;

    protected override void Collect()
    {
        var peers = Peers;
        for (var i = 0; i < peers.Count; i++)
        {
            var peer = (SharedPeer)peers[i];
            if (dozes)
            {
                peer.WantsRings(false);
            }

            while (peer.TryTake(out var peerEvent))
            {
                Ended(peerEvent);
            }
        }

        dozes = false;
    }

    protected override bool AnnounceSleep(int timeout)
    {
        if (spin.For(this, static end => end.AnyDone()))
        {
            return true;
        }

        dozes = true;
        foreach (var peer in Peers)
        {
            ((SharedPeer)peer).WantsRings(true);
        }

        Interlocked.MemoryBarrier();
        return AnyDone();
    }

    private bool AnyDone()
    {
        var peers = Peers;
        for (var i = 0; i < peers.Count; i++)
        {
            if (((SharedPeer)peers[i]).HasResult)
            {
                return true;
            }
        }

        return false;
    }

    private void Receive(PendingConnection connection)
    {
        PeerCredentials.ProcessOf(connection.Socket);
        using var stream = new NetworkStream(connection.Socket, ownsSocket: false);
        var identity = handshake.Run(stream, () => connection.IsProven = true);
        Region region;
        try
        {
            region = Region.Create(Terms, identity.Cores);
        }
        catch (TransportException full)
        {
            HandshakeMessages.Refuse(stream, full.Message.TrimEnd('.'));
            throw;
        }

        var number = NextNumber();
        HandshakeMessages.Send(stream, HandshakeMessageKind.Accepted, new WireWriter().Int(number).Int(region.Layout.Slots).Int(Limits.AlivePeriod).Int(region.FileNumber));
        try
        {
            acceptor.Admit(connection, () => new SharedPeer(number, identity, region, sent, connection, this, Limits)).Read();
        }
        catch (RefusedException)
        {
            region.Dispose();
            throw;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>The server's end of all TCP links: the listener, the token, and the way in.</summary>
internal sealed class TcpServerEnd : RemoteServerEnd
{
    private readonly ServerHandshake handshake;
    private readonly X509Certificate2? certificate;
    private readonly HostAcceptor acceptor;

    private TcpServerEnd(LinkTerms terms, Limits limits, Socket listener, Meeting meeting, Token token, X509Certificate2? certificate)
        : base(terms, limits)
    {
        Meeting = meeting;
        this.certificate = certificate;
        handshake = new ServerHandshake(terms, token);
        acceptor = new HostAcceptor(listener, this, limits, Receive);
    }

    public override Meeting Meeting { get; }

    public static TcpServerEnd Open(LinkTerms terms, Limits limits)
    {
        var place = terms.Place;
        var wanted = Addresses.Resolve(place.Address ?? "127.0.0.1:0");
        var certificate = place.CertificateFile is { } file ? Certificates.Load(file)
            : IPAddress.IsLoopback(wanted.Address) ? null
            : Certificates.Make();
        var listener = Bind(wanted);
        try
        {
            var address = (IPEndPoint)listener.LocalEndPoint!;
            var token = Token.Create(certificate is null ? null : Certificates.Fingerprint(certificate));
            TokenPlace.Prepare();
            var tokenFile = Path.GetFullPath(place.TokenFile ?? TokenPlace.Of(address.Port));
            token.Write(tokenFile);
            return new TcpServerEnd(terms, limits, listener, new Meeting(address.ToString(), tokenFile), token, certificate);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            throw new TransportException($"The token file cannot be written: {e.Message}", e);
        }
    }

    protected override void StopAccepting()
    {
        acceptor.Dispose();
        File.Delete(Meeting.TokenFile!);
    }

    protected override void TickAcceptor() => acceptor?.Tick();

    private static Socket Bind(IPEndPoint address)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(address);
            listener.Listen(128);
            return listener;
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new TransportException($"{address}: cannot listen there ({e.Message})", e);
        }
    }

    private void Receive(PendingConnection connection)
    {
        TcpLink.Prepare(connection.Socket);
        var plain = new NetworkStream(connection.Socket, ownsSocket: false);
        using Stream stream = certificate is null ? plain : Certificates.Serve(plain, certificate);
        var identity = handshake.Run(stream, () => connection.IsProven = true);
        var slots = (4 * identity.Cores) + 1;
        var number = NextNumber();
        HandshakeMessages.Send(stream, HandshakeMessageKind.Accepted, new WireWriter().Int(number).Int(slots).Int(Limits.AlivePeriod));
        acceptor.Admit(connection, () => new TcpPeer(number, identity, slots, connection, stream, Terms, this, Limits)).Read();
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>The server's end of all TCP links: the listener, the token, and the way in.</summary>
internal sealed class TcpServerEnd : RemoteServerEnd
{
    private readonly ServerHandshake handshake;
    private readonly Token token;
    private readonly FileStream? claim;
    private readonly X509Certificate2? certificate;
    private readonly HostAcceptor acceptor;

    private TcpServerEnd(LinkTerms terms, Limits limits, Socket listener, Meeting meeting, Token token, FileStream? claim, X509Certificate2? certificate)
        : base(terms, limits)
    {
        Meeting = meeting;
        (this.token, this.claim, this.certificate) = (token, claim, certificate);
        handshake = new ServerHandshake(terms, token);
        acceptor = new HostAcceptor(listener, this, limits, Receive);
    }

    public override Meeting Meeting { get; }

    public static TcpServerEnd Open(LinkTerms terms, Limits limits)
    {
        var place = terms.Place;
        var wanted = Addresses.Resolve(place.Address ?? "127.0.0.1:0");
        var certificate = place.CertificateFile is { } file ? Certificates.Load(file)
            : wanted.All(address => IPAddress.IsLoopback(address.Address)) ? null
            : Certificates.Make();
        var listener = Bind(wanted);
        FileStream? claim = null;
        try
        {
            var address = (IPEndPoint)listener.LocalEndPoint!;
            var token = Token.Create(certificate is null ? null : Certificates.Fingerprint(certificate));
            claim = place.TokenFile is null ? TokenFiles.Claim(address.Port) : null;
            var tokenFile = Path.GetFullPath(place.TokenFile ?? TokenFiles.Of(address.Port));
            token.Write(tokenFile);
            return new TcpServerEnd(terms, limits, listener, MeetingAt(address, tokenFile), token, claim, certificate);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TransportException)
        {
            listener.Dispose();
            claim?.Dispose();
            throw e as TransportException ?? new TransportException($"The token file cannot be written: {e.Message}", e);
        }
    }

    /// <summary>What is wrong with a place to listen; null when nothing is seen.</summary>
    public static string? Mistake(MeetingPlace place)
    {
        try
        {
            _ = place.Address is null ? null : Addresses.Resolve(place.Address);
            if (place.CertificateFile is { } file)
            {
                Certificates.Load(file).Dispose();
            }
        }
        catch (TransportException mistake)
        {
            return mistake.Message;
        }

        return place.TokenFile is { } token && Path.GetDirectoryName(Path.GetFullPath(token)) is { } folder && !Directory.Exists(folder)
            ? $"{token}: the token file cannot be written, because the folder {folder} does not exist."
            : null;
    }

    protected override void StopAccepting()
    {
        acceptor.Dispose();
        if (claim is not null)
        {
            TokenFiles.Remove(claim, Meeting.TokenFile!);
        }
        else if (token.IsIn(Meeting.TokenFile!))
        {
            // Another run may have been given the same file since.
            TokenFiles.Delete(Meeting.TokenFile!);
        }
    }

    protected override bool TickAcceptor() => acceptor?.Tick() == true;

    // A server that listens on all addresses is joined at the machine's name, or from the machine
    // itself at its loopback.
    private static Meeting MeetingAt(IPEndPoint address, string tokenFile)
    {
        var isAny = address.Address.Equals(IPAddress.Any) || address.Address.Equals(IPAddress.IPv6Any);
        return !isAny
            ? new Meeting(address.ToString(), tokenFile)
            : new Meeting($"{Dns.GetHostName()}:{address.Port}", tokenFile)
            {
                LocalAddress = new IPEndPoint(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, address.Port).ToString(),
                ListensOn = address.ToString(),
            };
    }

    private static Socket Bind(IReadOnlyList<IPEndPoint> addresses)
    {
        SocketException? fault = null;
        foreach (var address in addresses)
        {
            var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (address.Address.Equals(IPAddress.IPv6Any) && Socket.OSSupportsIPv4)
                {
                    listener.DualMode = true;
                }

                listener.Bind(address);
                listener.Listen(128);
                return listener;
            }
            catch (SocketException e)
            {
                fault = e;
                listener.Dispose();
            }
        }

        throw new TransportException($"{string.Join(", ", addresses)}: cannot listen there ({fault!.Message})", fault);
    }

    private void Receive(PendingConnection connection)
    {
        TcpLink.Prepare(connection.Socket);
        var plain = new NetworkStream(connection.Socket, ownsSocket: false);
        using Stream stream = certificate is null ? plain : SecuredStreams.Serve(plain, certificate);
        var identity = handshake.Run(stream, () => connection.IsProven = true);
        var slots = (4 * identity.Cores) + 1;
        var number = NextNumber();
        HandshakeMessages.Send(stream, HandshakeMessageKind.Accepted, new WireWriter().Int(number).Int(slots).Int(Limits.AlivePeriod));
        acceptor.Admit(connection, () => new TcpPeer(number, identity, slots, connection, stream, Terms, this, Limits)).Read();
    }
}

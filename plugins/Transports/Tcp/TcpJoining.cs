using System.Net;
using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A TCP connection of a worker host that knows the session and has not taken up work.
/// </summary>
internal sealed class TcpJoining : IJoining
{
    private const int Patience = 15_000;

    private readonly string peer;
    private readonly Socket socket;
    private readonly Stream stream;
    private readonly HostHandshake handshake;
    private bool begun;

    private TcpJoining(string peer, Socket socket, Stream stream, HostHandshake handshake) =>
        (this.peer, this.socket, this.stream, this.handshake) = (peer, socket, stream, handshake);

    public SessionDescription Session => handshake.Terms.Session;

    /// <summary>Joins at the first of the server's addresses where anybody answers.</summary>
    public static TcpJoining Open(JoinRequest request)
    {
        var silent = new List<string>();
        foreach (var address in Addresses.Resolve(request.Address))
        {
            var token = TokenFor(request, address);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

            // Whoever answers there and then says nothing is not waited for.
            using var deadline = new Timer(_ => socket.Dispose(), null, Patience, Timeout.Infinite);
            try
            {
                socket.Connect(address);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                socket.Dispose();
                silent.Add($"{address}: {(e is SocketException ? e.Message : "no answer")}");
                continue;
            }

            try
            {
                return HostHandshake.Named(request.Address, () => Greet(request, token, socket), isGreeting: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new TransportException($"{request.Address}: nobody answers there ({string.Join("; ", silent)})") { IsNobodyThere = true };
    }

    public IHostEnd Begin(IReadOnlyDictionary<string, string> facts)
    {
        var accepted = HostHandshake.Named(peer, () =>
        {
            var acceptance = new WireReader(handshake.Show(facts), "acceptance");
            return (Number: acceptance.Int(), Slots: acceptance.Int(), AlivePeriod: acceptance.Int());
        });
        begun = true;
        return new TcpHostEnd(socket, stream, handshake.Terms, accepted.Slots, accepted.AlivePeriod) { Number = accepted.Number };
    }

    public void Dispose()
    {
        if (!begun)
        {
            socket.Dispose();
        }
    }

    private static TcpJoining Greet(JoinRequest request, Token token, Socket socket)
    {
        TcpLink.Prepare(socket);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (token.Fingerprint is { } fingerprint)
        {
            stream = SecuredStreams.Connect(stream, fingerprint);
        }

        var handshake = new HostHandshake(stream, token);
        handshake.Greet(request.Cores);
        return new TcpJoining(request.Address, socket, stream, handshake);
    }

    private static Token TokenFor(JoinRequest request, IPEndPoint address)
    {
        var local = IPAddress.IsLoopback(address.Address);
        if (request.TokenFile is null && !local)
        {
            throw new TransportException($"{request.Address} is another machine: the token file that its run wrote is needed (--token-file).");
        }

        var file = request.TokenFile ?? TokenFiles.Of(address.Port);
        if (!File.Exists(file))
        {
            var missing = request.TokenFile is null ? $"{request.Address}: no run of yours listens there ({file} does not exist)." : $"{file}: the token file does not exist.";
            throw new TransportException(missing) { IsNobodyThere = true };
        }

        var token = Token.Read(file);
        return token.Fingerprint is not null || local
            ? token
            : throw new TransportException($"{file}: this token names no certificate, and {request.Address} is another machine: the link would not be encrypted.");
    }
}

using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A worker host of this machine that knows the session and has not taken up work.
/// </summary>
internal sealed class SharedJoining : IJoining
{
    /// <summary>Of an address: a name in Linux's table of sockets, not in a folder.</summary>
    public const string Prefix = "shm:";

    private const int Patience = 15_000;

    private readonly string peer;
    private readonly Socket socket;
    private readonly HostHandshake handshake;
    private readonly int process;
    private bool begun;

    private SharedJoining(string peer, Socket socket, HostHandshake handshake, int process) =>
        (this.peer, this.socket, this.handshake, this.process) = (peer, socket, handshake, process);

    public SessionDescription Session => handshake.Terms.Session;

    public static UnixDomainSocketEndPoint EndPoint(string address) =>
        IsAddress(address) ? new UnixDomainSocketEndPoint("\0" + address[Prefix.Length..]) : throw new TransportException(Malformed(address));

    public static bool IsAddress(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length > Prefix.Length && text.Length <= 100;

    public static string Malformed(string text) => $"'{text}' is no address of a shared-memory link; {Prefix}NAME is needed, as the run says it.";

    public static SharedJoining Open(JoinRequest request)
    {
        var address = EndPoint(request.Address);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var deadline = new Timer(_ => socket.Dispose(), null, Patience, Timeout.Infinite);
        try
        {
            Connect(request.Address, socket, address);
            return HostHandshake.Named(request.Address, () =>
            {
                var process = PeerCredentials.ProcessOf(socket);
                var handshake = new HostHandshake(new NetworkStream(socket, ownsSocket: false), Token.None);
                handshake.Greet(request.Cores);
                return new SharedJoining(request.Address, socket, handshake, process);
            }, isGreeting: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public IHostEnd Begin(IReadOnlyDictionary<string, string> facts)
    {
        var end = HostHandshake.Named(peer, () =>
        {
            var acceptance = new WireReader(handshake.Show(facts), "acceptance");
            var (number, slots, alivePeriod, file) = (acceptance.Int(), acceptance.Int(), acceptance.Int(), acceptance.Int());
            var region = Region.Open(process, file, new RegionLayout(handshake.Terms, slots));
            return new SharedHostEnd(socket, region, new SentView(process, handshake.Terms.SentLength), alivePeriod) { Number = number };
        });
        begun = true;
        return end;
    }

    private static void Connect(string name, Socket socket, UnixDomainSocketEndPoint address)
    {
        try
        {
            socket.Connect(address);
        }
        catch (SocketException e)
        {
            throw new TransportException($"{name}: nobody answers there ({e.Message})", e) { IsNobodyThere = true };
        }
    }

    public void Dispose()
    {
        if (!begun)
        {
            socket.Dispose();
        }
    }
}

using System.Net.Sockets;
using System.Security.Cryptography;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// The worker host's side of the handshake, in two steps: up to the session, and from what was
/// loaded to the acceptance.
/// </summary>
internal sealed class HostHandshake(Stream stream, Token token)
{
    private const int LongestGreeting = 256;
    private const int LongestName = 1_024;
    private const int LongestSession = 64 << 20;

    /// <summary>Lengths and session, as the server says.</summary>
    public LinkTerms Terms { get; private set; } = null!;

    public void Greet(int cores)
    {
        var greeting = new WireReader(HandshakeMessages.Receive(stream, HandshakeMessageKind.Greeting, LongestGreeting), "greeting");
        if (!greeting.Bytes(ServerHandshake.Magic.Length).SequenceEqual(ServerHandshake.Magic))
        {
            throw new ProtocolException("it does not begin as a run does");
        }

        var version = greeting.Int();
        if (version != ServerHandshake.Version)
        {
            throw new RefusedException($"the run speaks protocol version {version}, this worker host version {ServerHandshake.Version}");
        }

        var (nonce, own) = (greeting.Bytes(Proof.Length).ToArray(), Proof.Nonce());
        HandshakeMessages.Send(stream, HandshakeMessageKind.Hello, new WireWriter()
            .Bytes(ServerHandshake.Magic).Int(ServerHandshake.Version)
            .Bytes(own).Bytes(Proof.OfHost(token, nonce, own))
            .Int(cores).Text($"{Environment.MachineName}:{Environment.ProcessId}"));

        var session = new WireReader(HandshakeMessages.Receive(stream, HandshakeMessageKind.Session, LongestSession), "session");
        if (!Proof.Same(Proof.OfServer(token, nonce, own), session.Bytes(Proof.Length)))
        {
            throw new RefusedException("what answers there does not know the token");
        }

        var (sent, push, state) = (session.Int(), session.Int(), session.Int());
        if (sent < 0 || push < 0 || state < 0)
        {
            throw new ProtocolException("its lengths are negative");
        }

        var facts = session.Facts();
        Terms = new LinkTerms(sent, push, state, 0) { Session = new SessionDescription(session.Text(LongestSession), facts) { Run = session.Text(LongestName) } };
        session.End();
    }

    /// <summary>Shows the facts.</summary>
    /// <returns>The acceptance.</returns>
    public byte[] Show(IReadOnlyDictionary<string, string> facts)
    {
        HandshakeMessages.Send(stream, HandshakeMessageKind.Facts, new WireWriter().Facts(facts));
        return HandshakeMessages.Receive(stream, HandshakeMessageKind.Accepted, 256);
    }

    /// <summary>Runs a step, and names what went wrong.</summary>
    /// <param name="peer">Who is at the other end.</param>
    /// <param name="step">What to do.</param>
    /// <param name="isGreeting">Whether nothing has been said yet but greetings: whoever hangs up
    /// then, as a run does that is over, is as good as nobody.</param>
    public static T Named<T>(string peer, Func<T> step, bool isGreeting = false)
    {
        try
        {
            return step();
        }
        catch (RefusedException refusal)
        {
            throw new TransportException($"{peer}: not let in: {refusal.Message}.", refusal);
        }
        catch (ProtocolException fault)
        {
            throw new TransportException($"{peer}: this is no run that a worker host could join: {fault.Message}.", fault);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or SocketException or CryptographicException)
        {
            throw new TransportException($"{peer}: the connection ended ({fault.Message})", fault) { IsNobodyThere = isGreeting && HangsUp(fault) };
        }
    }

    // Anything else, such as what is no TLS, is not mended by waiting.
    private static bool HangsUp(Exception fault) => fault is EndOfStreamException
        || (fault as SocketException ?? fault.InnerException as SocketException)?.SocketErrorCode
            is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown;
}

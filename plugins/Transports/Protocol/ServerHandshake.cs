using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>A host that has been let in.</summary>
/// <param name="Name">Machine and process, as it says.</param>
/// <param name="Cores">Its compute threads.</param>
internal sealed record HostIdentity(string Name, int Cores);

/// <summary>
/// The server's side of the handshake: greet; hear the host's version, proof and size; tell the
/// session; hear what the host loaded. The lengths that bound every later frame come from the
/// server.
/// </summary>
internal sealed class ServerHandshake(LinkTerms terms, Token token)
{
    public const int Version = 3;
    public const int LongestHello = 512;
    public const int LongestFacts = 32_768;
    public const int LargestCores = 4_096;

    /// <summary>
    /// First bytes in either direction, for good: any version can tell another one.
    /// </summary>
    public static ReadOnlySpan<byte> Magic => "Orchestrator-link"u8;

    /// <summary>Everything up to the acceptance.</summary>
    /// <param name="stream">To the host; closing it ends the handshake.</param>
    /// <param name="proven">Called once the host has shown that it knows the token.</param>
    /// <exception cref="RefusedException">The host may not join; it has been told why.</exception>
    /// <exception cref="ProtocolException">It does not speak the protocol.</exception>
    public HostIdentity Run(Stream stream, Action proven)
    {
        var nonce = Proof.Nonce();
        HandshakeMessages.Send(stream, HandshakeMessageKind.Greeting, new WireWriter().Bytes(Magic).Int(Version).Bytes(nonce));
        var hello = new WireReader(HandshakeMessages.Receive(stream, HandshakeMessageKind.Hello, LongestHello), "hello");
        if (!hello.Bytes(Magic.Length).SequenceEqual(Magic))
        {
            throw new ProtocolException("it does not begin as a worker host does");
        }

        var version = hello.Int();
        if (version != Version)
        {
            throw Refuse(stream, $"the run speaks protocol version {Version}, the worker host version {version}");
        }

        var hostNonce = hello.Bytes(Proof.Length).ToArray();
        if (!Proof.Same(Proof.OfHost(token, nonce, hostNonce), hello.Bytes(Proof.Length)))
        {
            throw Refuse(stream, "the worker host does not know the run's token");
        }

        var (cores, name) = (hello.Int(), HandshakeMessages.Plain(hello.Text(200), 100));
        hello.End();
        if (cores is < 1 or > LargestCores)
        {
            throw Refuse(stream, $"the worker host claims {cores} cores; 1 to {LargestCores} are allowed");
        }

        proven();
        HandshakeMessages.Send(stream, HandshakeMessageKind.Session, new WireWriter()
            .Bytes(Proof.OfServer(token, nonce, hostNonce))
            .Int(terms.SentLength).Int(terms.PushLength).Int(terms.StateLength)
            .Facts(terms.Session.Facts).Text(terms.Session.Document).Text(terms.Session.Run));
        var shown = new WireReader(HandshakeMessages.Receive(stream, HandshakeMessageKind.Facts, LongestFacts), "facts");
        var facts = shown.Facts();
        shown.End();
        return terms.Session.Difference(facts) is { } difference
            ? throw Refuse(stream, difference)
            : new HostIdentity(name, cores);
    }

    private static RefusedException Refuse(Stream stream, string why)
    {
        HandshakeMessages.Refuse(stream, why);
        return new RefusedException(why);
    }
}

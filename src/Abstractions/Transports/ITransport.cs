namespace Orchestrator.Abstractions;

/// <summary>
/// Carries work from the parameter server to worker hosts and results back. Synchronous: the
/// server's end is used by one thread at a time, a host's end by one thread per compute core;
/// closing unblocks everyone.
/// </summary>
public interface ITransport
{
    /// <summary>Whether worker hosts of other processes can join.</summary>
    bool TakesHosts => false;

    /// <summary>
    /// How this transport's addresses are written, for people, e.g. <c>HOST:PORT</c>; null where no
    /// host can join.
    /// </summary>
    string? AddressForm => null;

    /// <summary>
    /// Whether a text is an address of this transport, by its form alone: a joining host finds the
    /// transport by it. No text is an address of two transports.
    /// </summary>
    bool IsAddress(string text) => false;

    /// <summary>
    /// What is wrong with a place to listen, in words; null when nothing is seen. Asked before
    /// anything is started; nothing stays open or written.
    /// </summary>
    string? Mistake(MeetingPlace place) => null;

    /// <summary>Opens the server's end.</summary>
    /// <exception cref="TransportException">The address cannot be had.</exception>
    IServerEnd Listen(LinkTerms terms);

    /// <summary>
    /// Joins a run as a worker host: finds the server, proves that it may join, and is told the
    /// session. The host then loads what the session names and calls <see cref="IJoining.Begin"/>.
    /// </summary>
    /// <exception cref="TransportException">Nobody answers there, the token or the protocol is
    /// wrong, or the transport has no hosts of other processes.</exception>
    IJoining Join(JoinRequest request) => throw new TransportException("This transport carries work within one process only; no worker host can join it.");
}

/// <summary>A worker host that knows the session and has not taken up work yet.</summary>
public interface IJoining : IDisposable
{
    /// <summary>What to load, and what it must turn out to be.</summary>
    SessionDescription Session { get; }

    /// <summary>Shows the server what was loaded; work comes from here on.</summary>
    /// <param name="facts">The host's own values of <see cref="SessionDescription.Facts"/>.</param>
    /// <exception cref="TransportException">The server refuses the host; the message names what
    /// differs.</exception>
    IHostEnd Begin(IReadOnlyDictionary<string, string> facts);
}

/// <summary>How a worker host joins.</summary>
/// <param name="Address">What <see cref="IServerEnd.Meeting"/> says, e.g.
/// <c>127.0.0.1:5151</c>.</param>
/// <param name="TokenFile">File with the secret that the server wrote; null looks for that of a
/// server on this machine.</param>
/// <param name="Cores">Compute threads that the host has, at least 1.</param>
public sealed record JoinRequest(string Address, string? TokenFile, int Cores);

/// <summary>
/// A link could not be opened or broke; the message names the peer and the cause.
/// </summary>
public sealed class TransportException : Exception
{
    /// <summary>Whether nobody was there yet, or no token: to try again later may help.</summary>
    public bool IsNobodyThere { get; init; }

    /// <summary>With a message for the user.</summary>
    /// <param name="message">A sentence that names the peer or the address, and the cause.</param>
    public TransportException(string message) : base(message) { }

    /// <summary>With a message for the user, and the exception that was met.</summary>
    /// <param name="message">A sentence that names the peer or the address, and the cause.</param>
    /// <param name="inner">What was thrown while the link was opened or used.</param>
    public TransportException(string message, Exception inner) : base(message, inner) { }
}

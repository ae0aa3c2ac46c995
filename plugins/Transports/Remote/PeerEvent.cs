using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// What a peer's thread tells the server's thread: an event of the link in its envelope. Of work it
/// is believed only once the server has looked whether the peer holds it; the result is added then.
/// </summary>
/// <param name="Peer">Where; null for a refusal.</param>
/// <param name="Event">What happened, as the engine will be told.</param>
internal readonly record struct PeerEvent(Peer? Peer, LinkEvent Event)
{
    /// <summary>An event without a result.</summary>
    public PeerEvent(Peer? peer, LinkEventKind kind, string? message, int slot = 0, long ticket = 0)
        : this(peer, new LinkEvent(kind, ticket, peer?.Number ?? -1, null, double.NaN, 0, message)) => Slot = slot;

    /// <summary>The work's slot at the peer.</summary>
    public int Slot { get; init; }

    /// <summary>Whether a value of the result is not finite, as far as that was looked at.</summary>
    public bool HasNonFinite { get; init; }
}

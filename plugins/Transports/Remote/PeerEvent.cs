namespace Orchestrator.Transports;

internal enum PeerEventKind
{
    Completed,
    Failed,
    Cancelled,
    Joined,
    Left,
    Refused,
}

/// <summary>What a peer's thread tells the server's thread.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Peer">Where; null for a refusal.</param>
/// <param name="Slot">The work's slot at the peer.</param>
/// <param name="Ticket">The work.</param>
/// <param name="Loss">Mean loss.</param>
/// <param name="ComputeTime">ns.</param>
/// <param name="Finite">Whether every value of the result is finite, as far as that was looked
/// at.</param>
/// <param name="Message">For failures, joins, departures and refusals.</param>
internal readonly record struct PeerEvent(
    PeerEventKind Kind, Peer? Peer, int Slot, long Ticket, double Loss, long ComputeTime, bool Finite, string? Message)
{
    /// <summary>
    /// When the computation began, on a clock that the server shares; 0 where there is none.
    /// </summary>
    public long Started { get; init; }

    /// <summary>Id of the host's own span of the push; 0 for none.</summary>
    public ulong Span { get; init; }
}

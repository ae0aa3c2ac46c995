namespace Orchestrator.Engine;

internal enum ServerEventKind
{
    /// <summary>A push's result is there; the clock decides when it arrives.</summary>
    Completed,

    /// <summary>A push arrives: the server's step.</summary>
    Arrived,

    /// <summary>
    /// A push that was cancelled while a host held it has come back; the object can be used again.
    /// </summary>
    Withdrawn,

    /// <summary>A host was lost with a push; its work is handed out again.</summary>
    Lost,

    HostJoined,
    HostLeft,
    HostRefused,
}

/// <summary>What the server is told next.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Push">The push; null for what hosts do.</param>
/// <param name="Host">The host; -1 for a refused one.</param>
/// <param name="Message">Of hosts: a sentence.</param>
internal readonly record struct ServerEvent(ServerEventKind Kind, InFlightPush? Push, int Host = -1, string? Message = null);

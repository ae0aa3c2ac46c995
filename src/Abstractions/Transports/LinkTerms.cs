namespace Orchestrator.Abstractions;

/// <summary>
/// Sizes that both ends agree on, against which every message is checked, and what a joining host
/// is told.
/// </summary>
/// <param name="SentLength">Floats sent down: parameters and buffers.</param>
/// <param name="PushLength">Floats pushed up: gradient and buffers.</param>
/// <param name="StateLength">Floats of a worker rule's state, each way; 0 without one.</param>
/// <param name="Slots">How much work the server would like to have out at once in its own process;
/// hosts of other processes bring slots of their own.</param>
public sealed record LinkTerms(int SentLength, int PushLength, int StateLength, int Slots)
{
    /// <summary>
    /// What a joining host loads, and what that must turn out to be; nothing by default.
    /// </summary>
    public SessionDescription Session { get; init; } = SessionDescription.None;

    /// <summary>
    /// Where hosts find the server; a place on this machine, for this user, by default.
    /// </summary>
    public MeetingPlace Place { get; init; } = MeetingPlace.Private;

    /// <summary>
    /// Set where no thread is to wait in <see cref="IServerEnd.Receive"/>: hosts are listened to by
    /// threads of the link then, and the one that has heard something calls this, holding no lock,
    /// when <see cref="IServerEnd.Receive"/> has it; it says whether it has nothing else to do
    /// until the server has acted. What is called may use the server's end itself, one thread at a
    /// time as ever. It may be called before <see cref="ITransport.Listen"/> has returned, and in
    /// vain. Null where the server waits.
    /// </summary>
    public Action<bool>? ResultReady { get; init; }
}

/// <summary>
/// What a worker host of another process loads, and what it must turn out to be. Transports carry
/// it and compare it, and know nothing else of it.
/// </summary>
/// <param name="Document">Text from which a host loads everything: the resolved pipeline.</param>
/// <param name="Facts">Name to value; a host's own values must be the same: program version, kernel
/// path, digests.</param>
public sealed record SessionDescription(string Document, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>What the run is called in telemetry; empty where it has no name.</summary>
    public string Run { get; init; } = "";

    /// <summary>For links within one process, and tests.</summary>
    public static SessionDescription None { get; } = new("", new Dictionary<string, string>());

    /// <summary>
    /// The first difference between these facts and a host's, in words; null when there is none.
    /// </summary>
    public string? Difference(IReadOnlyDictionary<string, string> host)
    {
        foreach (var (name, value) in Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal))
        {
            var other = host.GetValueOrDefault(name);
            if (other != value)
            {
                return $"the run's {name} is '{value}', the worker host's {(other is null ? "is not known" : $"is '{other}'")}";
            }
        }

        return null;
    }
}

/// <summary>
/// Where a server may be found, beyond what the experiment says: it changes no result.
/// </summary>
/// <param name="Address">E.g. <c>0.0.0.0:5151</c>; null for a place on this machine that the
/// transport chooses.</param>
/// <param name="TokenFile">Where to write the token; null for a place that only this user can
/// read.</param>
/// <param name="CertificateFile">PEM file with certificate and key; null makes one.</param>
public sealed record MeetingPlace(string? Address, string? TokenFile = null, string? CertificateFile = null)
{
    /// <summary>On this machine, for this user.</summary>
    public static MeetingPlace Private { get; } = new((string?)null);
}

/// <summary>Where hosts find a server that listens.</summary>
/// <param name="Address">For <see cref="JoinRequest.Address"/>.</param>
/// <param name="TokenFile">Where the token was written; null where none is needed.</param>
public sealed record Meeting(string Address, string? TokenFile)
{
    /// <summary>
    /// For hosts on the server's own machine; <see cref="Address"/> where nothing else is said.
    /// </summary>
    public string LocalAddress { get; init; } = Address;

    /// <summary>
    /// Where the server listens, where that is no address to join at: all of the machine's;
    /// otherwise null.
    /// </summary>
    public string? ListensOn { get; init; }
}

using Orchestrator.Abstractions;

namespace Orchestrator.Runs;

/// <summary>Which worker hosts a run has; changes no result.</summary>
/// <param name="Count">Processes that the run starts on this machine; null is one, or none where
/// others are listened for.</param>
/// <param name="Place">Where others find it.</param>
/// <param name="Forwarded">Arguments that the run's own hosts are given too: where data and plugins
/// lie.</param>
public sealed record HostSettings(int? Count, MeetingPlace Place, IReadOnlyList<string> Forwarded)
{
    /// <summary>Environment variables that the run's own hosts are given.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The file in which the run says where it is, while it lives; null writes none.
    /// </summary>
    public string? Rendezvous { get; init; }

    /// <summary>Nothing asked for.</summary>
    public static HostSettings None { get; } = new(null, MeetingPlace.Private, []);

    /// <summary>Whether anything about hosts was asked for.</summary>
    public bool IsAsked => Count is not null || Place != MeetingPlace.Private;

    public bool IsListening => Place.Address is not null;

    public int Own => Count ?? (IsListening ? 0 : 1);

    /// <exception cref="RunRefusedException">
    /// The transport has no worker hosts of other processes, they could not join at the place, or
    /// nothing can start them.
    /// </exception>
    public void Check(ITransport transport, string name, IHostStarter? starter)
    {
        if (transport.TakesHosts && Own > 0 && starter is null)
        {
            throw new RunRefusedException($"the transport '{name}' needs worker hosts, and nothing here can start worker hosts; in-process needs none.");
        }

        if (IsAsked && !transport.TakesHosts)
        {
            throw new RunRefusedException($"the transport '{name}' works within the run's own process; worker hosts need another one: --set transport.type=shared-memory, or tcp.");
        }

        if (transport.Mistake(Place) is { } mistake)
        {
            throw new RunRefusedException(mistake);
        }
    }
}

namespace Orchestrator.Runs;

/// <summary>The place of one of a run's own worker hosts, which several may hold in turn.</summary>
/// <param name="task">What is started, again and again.</param>
internal sealed class OwnHost(HostTask task)
{
    public HostTask Task => task;

    /// <summary>Who holds it; null between two.</summary>
    public IStartedHost? Host { get; set; }

    /// <summary>Names of all that have held it.</summary>
    public HashSet<string> Names { get; } = [];

    /// <summary>Whether that one has joined the run.</summary>
    public bool HasJoined { get; set; }

    /// <summary>In a row, of hosts that ended before they joined, by themselves.</summary>
    public int FailedStarts { get; set; }

    /// <summary>In a row, of hosts that ended without a push.</summary>
    public int IdleLosses { get; set; }
}

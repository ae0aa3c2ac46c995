using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// Results that are not finite end a run as diverged, so one host's word is not enough where there
/// is another: the work is lost once, goes to the other, and only when that one finds the same is
/// it the run's result.
/// </summary>
internal sealed class NonFiniteArbiter
{
    private readonly Dictionary<(int Worker, long Gradient), Peer> accused = [];

    public int Count => accused.Count;

    /// <summary>The host whose result for this work is in doubt.</summary>
    public Peer? Suspect(in Work work) => accused.Count == 0 ? null : accused.GetValueOrDefault((work.Worker, work.Gradient));

    /// <summary>Doubts a result, unless it is a second one.</summary>
    public bool Doubt(in Assignment assignment)
    {
        var key = (assignment.Worker, assignment.Gradient);
        return !accused.Remove(key) && accused.TryAdd(key, assignment.Peer);
    }

    /// <summary>A result has come.</summary>
    /// <returns>The host that was wrong about this work; null when none was.</returns>
    public Peer? Resolve(in Assignment assignment, bool finite)
    {
        var key = (assignment.Worker, assignment.Gradient);
        return finite && accused.Remove(key, out var peer) && peer != assignment.Peer ? peer : null;
    }
}

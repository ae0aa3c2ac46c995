using System.Diagnostics;
using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// The server's seam to whoever traces pushes: asked only where work goes to other processes.
/// Called by whoever is the server.
/// </summary>
public interface IPullTraces
{
    /// <summary>
    /// Begins the span of a pull, which is ended, or forgotten, when the push has arrived; null
    /// when nobody listens.
    /// </summary>
    Activity? Begin();

    /// <summary>Whether a push's spans are wanted; known when it has arrived.</summary>
    bool Takes(int worker, long gradient, long staleness);
}

/// <summary>A worker host's seam to whoever traces pushes. Called by all compute threads.</summary>
public interface IHostTraces
{
    /// <summary>The number that the server knows this host by.</summary>
    int Host { get; set; }

    /// <summary>A push is computed: makes its spans.</summary>
    /// <param name="work">The work.</param>
    /// <param name="started">When a core began.</param>
    /// <param name="computed">When the gradient was there.</param>
    /// <returns>Id of the span of the push, to travel with the result; 0 when nothing is
    /// traced.</returns>
    ulong Computed(HostWork work, long started, long computed);

    /// <summary>The result has left.</summary>
    void Sent(HostWork work);

    /// <summary>
    /// The server's word on the last push of a slot: its spans are handed on if it is the ticket
    /// that is wanted, or forgotten.
    /// </summary>
    void Decide(int slot, long wanted);

    /// <summary>The link is closed: what is kept is decided.</summary>
    void Settle(IHostEnd link);
}

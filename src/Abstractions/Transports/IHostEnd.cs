namespace Orchestrator.Abstractions;

/// <summary>A worker host's end.</summary>
public interface IHostEnd : IDisposable
{
    /// <summary>
    /// Receives the oldest work that was posted; one call per compute thread at a time, each with a
    /// <see cref="HostWork"/> of its own.
    /// </summary>
    /// <param name="work">Filled with the work and with room for its result.</param>
    /// <param name="wait">Whether to wait for work; without, no work means false.</param>
    /// <returns>False when there is none, or the link is closed.</returns>
    bool Receive(HostWork work, bool wait);

    /// <summary>
    /// Whether the server asked for an early end; asked by the compute thread between gradients.
    /// </summary>
    bool IsCancelled(HostWork work);

    /// <summary>Hands the result in <see cref="HostWork.Result"/> to the server.</summary>
    void Complete(HostWork work, double loss, long computeTime);

    /// <summary>
    /// Says that the computation threw, or (without a message) that it ended early because it was
    /// cancelled.
    /// </summary>
    void Abandon(HostWork work, string? message);

    /// <summary>
    /// Once the link is closed: why, when the server did not end it in order; otherwise null.
    /// </summary>
    string? Fault => null;

    /// <summary>The number that the server knows this host by; 0 is the run's own.</summary>
    int Number => 0;

    /// <summary>
    /// Once the link is closed: the ticket in a slot whose spans the server wants, as of its last
    /// word; 0 for none.
    /// </summary>
    long TraceRequested(int slot) => 0;
}

/// <summary>Work as a compute thread holds it; one object per thread, reused.</summary>
public sealed class HostWork
{
    /// <summary>What is to be computed, as the server posted it.</summary>
    public Work Work { get; set; }

    /// <summary>Where to write: push, buffers, then the worker's new state.</summary>
    public NativeVector Result { get; set; } = null!;

    /// <summary>When the computation began; ns of the host's monotonic clock.</summary>
    public long Started { get; set; }

    /// <summary>
    /// Set by the compute thread: id of the host's span of the push, to go with the result; 0 for
    /// none.
    /// </summary>
    public ulong Span { get; set; }

    /// <summary>
    /// Set by the transport: the ticket that the slot carried before, if the spans of its push are
    /// wanted; otherwise 0.
    /// </summary>
    public long TraceRequested { get; set; }

    /// <summary>The transport's own: which of its slots this is, from 0.</summary>
    public int Slot { get; set; }

    /// <summary>
    /// The transport's own: whether an early end was asked for. Compute threads ask
    /// <see cref="IHostEnd.IsCancelled"/>.
    /// </summary>
    public volatile bool Cancelled;
}

namespace Orchestrator.Abstractions;

/// <summary>
/// Carries work from the parameter server to worker hosts and results back. Synchronous: the server's end is used by one thread, a host's end by one
/// thread per compute core; closing unblocks everyone.
/// </summary>
public interface ITransport
{
    /// <summary>Opens the server's end.</summary>
    /// <exception cref="TransportException">The address cannot be had.</exception>
    IServerEnd Listen(LinkTerms terms);
}

/// <summary>Sizes that both ends agree on; every message is checked against them.</summary>
/// <param name="SentLength">Floats sent down: parameters and buffers.</param>
/// <param name="PushLength">Floats pushed up: gradient and buffers.</param>
/// <param name="StateLength">Floats of a worker rule's state, each way; 0 without one.</param>
/// <param name="Slots">How much work the server would like to have out at once; a transport may grant less, at least 2.</param>
public sealed record LinkTerms(int SentLength, int PushLength, int StateLength, int Slots);

/// <summary>The server's end of all links.</summary>
public interface IServerEnd : IDisposable
{
    /// <summary>The end for the run's own process to compute on, where the transport has one; otherwise null.</summary>
    IHostEnd? LocalHost { get; }

    /// <summary>How much work may be out at once: posted, and its result not yet given back by <see cref="Return"/>.</summary>
    int Slots { get; }

    /// <summary>
    /// Hands out work without blocking. Each ticket comes back in exactly one <see cref="LinkEvent"/>: completed, failed, cancelled or lost. Until then
    /// the work's vectors must stay as they are.
    /// </summary>
    /// <exception cref="InvalidOperationException">All slots are taken.</exception>
    void Post(in Work work);

    /// <summary>Asks for a ticket's work to end early. It still comes back, as cancelled or, when it was too late, as completed.</summary>
    void Cancel(long ticket);

    /// <summary>Waits for the next event.</summary>
    /// <param name="timeout">Longest wait in ms; -1 for ever, 0 not at all.</param>
    /// <param name="happened">The event.</param>
    /// <returns>False when the time ran out or <see cref="Wake"/> was called.</returns>
    bool Take(int timeout, out LinkEvent happened);

    /// <summary>Ends a <see cref="Take"/> in progress, or the next one; from any thread.</summary>
    void Wake();

    /// <summary>Gives back a completed ticket's result, whose memory is reused from here on.</summary>
    void Return(long ticket);
}

/// <summary>A worker's next push, to be computed.</summary>
/// <param name="Ticket">Unique in the run.</param>
/// <param name="Worker">The worker.</param>
/// <param name="Gradient">Number of the worker's push, from 0.</param>
/// <param name="Batch">Number of the worker's first batch in it.</param>
/// <param name="Version">Version of the parameters sent.</param>
/// <param name="LearningRate">Learning rate in force.</param>
/// <param name="Sent">Parameters and buffers, <see cref="LinkTerms.SentLength"/>.</param>
/// <param name="State">The worker's state, <see cref="LinkTerms.StateLength"/>; null without one.</param>
public readonly record struct Work(
    long Ticket, int Worker, long Gradient, long Batch, long Version, double LearningRate, NativeVector Sent, NativeVector? State);

/// <summary>What a <see cref="LinkEvent"/> tells.</summary>
public enum LinkEventKind
{
    /// <summary>The result is there, in <see cref="LinkEvent.Result"/>.</summary>
    Completed,

    /// <summary>The computation threw; <see cref="LinkEvent.Message"/> says what.</summary>
    Failed,

    /// <summary>It ended early as asked.</summary>
    Cancelled,

    /// <summary>Its host is gone; the work can be posted again under a new ticket.</summary>
    Lost,

    /// <summary>A host has joined.</summary>
    HostJoined,

    /// <summary>A host has left; its tickets come as lost.</summary>
    HostLeft,
}

/// <summary>Something that a host did.</summary>
/// <param name="Kind">What.</param>
/// <param name="Ticket">The work it is about.</param>
/// <param name="Host">The host; 0 is the run's own.</param>
/// <param name="Result">Push, buffers, then state, behind each other; the server may write to it until it is returned.</param>
/// <param name="Loss">Mean loss.</param>
/// <param name="ComputeTime">Real time of the computation, ns.</param>
/// <param name="Message">For failures, joins and departures.</param>
public readonly record struct LinkEvent(LinkEventKind Kind, long Ticket, int Host, NativeVector? Result, double Loss, long ComputeTime, string? Message);

/// <summary>A worker host's end.</summary>
public interface IHostEnd : IDisposable
{
    /// <summary>Takes the oldest work that was posted; one call per compute thread at a time, each with a <see cref="HostWork"/> of its own.</summary>
    /// <param name="work">Filled with the work and with room for its result.</param>
    /// <param name="wait">Whether to wait for work; without, no work means false.</param>
    /// <returns>False when there is none, or the link is closed.</returns>
    bool Take(HostWork work, bool wait);

    /// <summary>Hands the result in <see cref="HostWork.Result"/> to the server.</summary>
    void Complete(HostWork work, double loss, long computeTime);

    /// <summary>Says that the computation threw, or (without a message) that it ended early because it was cancelled.</summary>
    void Abandon(HostWork work, string? message);
}

/// <summary>Work as a compute thread holds it; one object per thread, reused.</summary>
public sealed class HostWork
{
    public Work Work { get; set; }

    /// <summary>Where to write: push, buffers, then the worker's new state.</summary>
    public NativeVector Result { get; set; } = null!;

    /// <summary>Set by the transport when the server asked for an early end.</summary>
    public volatile bool Cancelled;
}

/// <summary>A link could not be opened or broke; the message names the peer and the cause.</summary>
public sealed class TransportException : Exception
{
    public TransportException(string message) : base(message) { }

    public TransportException(string message, Exception inner) : base(message, inner) { }
}

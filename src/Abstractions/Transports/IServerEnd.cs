using System.Buffers.Binary;
using System.Diagnostics;

namespace Orchestrator.Abstractions;

/// <summary>
/// The server's end of all links. Used by one thread at a time, but for <see cref="Wake"/>.
/// </summary>
public interface IServerEnd : IDisposable
{
    /// <summary>
    /// The end for the run's own process to compute on, where the transport has one; otherwise
    /// null. A link with one has no other hosts.
    /// </summary>
    IHostEnd? LocalHost { get; }

    /// <summary>Where worker hosts of other processes join; null where none can.</summary>
    Meeting? Meeting => null;

    /// <summary>
    /// How much more work can be posted now. A slot is taken from <see cref="Post"/> to
    /// <see cref="Return"/>, or to the event that says there is no result. Hosts bring slots and
    /// take them along; the number changes in <see cref="Post"/>, <see cref="Return"/> and
    /// <see cref="Receive"/> only.
    /// </summary>
    int Free { get; }

    /// <summary>
    /// Slots to keep free for work that everything else waits for: one per host, so that there is
    /// one wherever that work may have to move when its host is lost.
    /// </summary>
    int Reserve { get; }

    /// <summary>
    /// Memory for a vector to be sent, zero at first; <see cref="Work.Sent"/> is made here, so that
    /// a link whose hosts can read what the server wrote has it where they do. It outlives the
    /// link.
    /// </summary>
    /// <param name="length">Number of elements, <see cref="LinkTerms.SentLength"/>.</param>
    /// <exception cref="TransportException">There is no room for it.</exception>
    NativeVector CreateSent(int length) => new(length);

    /// <summary>
    /// Hands out work without blocking. Each ticket comes back in exactly one
    /// <see cref="LinkEvent"/>: completed, failed, cancelled or lost. Until then the work's vectors
    /// must stay as they are.
    /// </summary>
    /// <exception cref="InvalidOperationException">No slot is free.</exception>
    /// <exception cref="ArgumentException">A vector has not the length agreed on, or what is sent
    /// does not lie where the link wants it.</exception>
    void Post(in Work work);

    /// <summary>
    /// Asks for a ticket's work to end early. It still comes back, as cancelled or, when it was too
    /// late, as completed.
    /// </summary>
    void Cancel(long ticket);

    /// <summary>Waits for the next event.</summary>
    /// <param name="timeout">Longest wait in ms; -1 for ever, 0 not at all.</param>
    /// <param name="happened">The event.</param>
    /// <returns>False when the time ran out or <see cref="Wake"/> was called; now and then too when
    /// only part of something came.</returns>
    /// <exception cref="TransportException">All hosts were lost, and none has come for too
    /// long.</exception>
    bool Receive(int timeout, out LinkEvent happened);

    /// <summary>
    /// Ends a <see cref="Receive"/> in progress, or the next one; from any thread.
    /// </summary>
    void Wake();

    /// <summary>
    /// Gives back a completed ticket's result, whose memory is reused from here on.
    /// </summary>
    /// <param name="ticket">The work.</param>
    /// <param name="traced">Whether its spans are wanted; the host hears it with the next work in
    /// the same slot, or with the farewell.</param>
    void Return(long ticket, bool traced = false);

    /// <summary>Every host that ever joined, and what it carried.</summary>
    IReadOnlyList<HostTraffic> Traffic { get; }
}

/// <summary>A worker's next push, to be computed.</summary>
/// <param name="Ticket">Unique in the run, above 0.</param>
/// <param name="Worker">The worker.</param>
/// <param name="Gradient">Number of the worker's push, from 0.</param>
/// <param name="Batch">Number of the worker's first batch in it.</param>
/// <param name="Version">Version of the parameters sent.</param>
/// <param name="LearningRate">Learning rate in force.</param>
/// <param name="Sent">Parameters and buffers, <see cref="LinkTerms.SentLength"/>, in memory of
/// <see cref="IServerEnd.CreateSent"/>; hosts only read it.</param>
/// <param name="State">The worker's state, <see cref="LinkTerms.StateLength"/>; null without
/// one.</param>
public readonly record struct Work(
    long Ticket, int Worker, long Gradient, long Batch, long Version, double LearningRate, NativeVector Sent, NativeVector? State)
{
    /// <summary>
    /// Names the contents of <see cref="Sent"/>: work with the same number was sent the same, so
    /// that it need not travel twice. 0 says nothing.
    /// </summary>
    public long SentNumber { get; init; }

    /// <summary>
    /// The span that the computation's span is a child of; none where nothing is traced.
    /// </summary>
    public SpanContext Trace { get; init; }
}

/// <summary>
/// A span as it is named across processes (W3C Trace Context), as numbers; all zero is none.
/// </summary>
/// <param name="TraceHigh">First half of the trace's id.</param>
/// <param name="TraceLow">Second half.</param>
/// <param name="Span">The span's id.</param>
public readonly record struct SpanContext(ulong TraceHigh, ulong TraceLow, ulong Span)
{
    /// <summary>Whether it names no span.</summary>
    public bool IsNone => Span == 0;

    /// <summary>The name of a span; none of null.</summary>
    public static SpanContext Of(Activity? span)
    {
        if (span is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[24];
        span.TraceId.CopyTo(bytes[..16]);
        span.SpanId.CopyTo(bytes[16..]);
        return new SpanContext(
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]));
    }
}

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

    /// <summary>Somebody was not let in.</summary>
    HostRefused,
}

/// <summary>Something that a host did.</summary>
/// <param name="Kind">What.</param>
/// <param name="Ticket">The work it is about.</param>
/// <param name="Host">The host; 0 is the run's own.</param>
/// <param name="Result">Push, buffers, then state, behind each other; the server may write to it
/// until it is returned.</param>
/// <param name="Loss">Mean loss.</param>
/// <param name="ComputeTime">Real time of the computation, ns.</param>
/// <param name="Message">For failures, joins and departures.</param>
public readonly record struct LinkEvent(LinkEventKind Kind, long Ticket, int Host, NativeVector? Result, double Loss, long ComputeTime, string? Message)
{
    /// <summary>
    /// When the computation began, ns of this process's monotonic clock; 0 where the host has
    /// another clock.
    /// </summary>
    public long Started { get; init; }

    /// <summary>Time that the work waited at its host for a core, ns.</summary>
    public long HostQueue { get; init; }

    /// <summary>
    /// Id of the host's own span of the push, which it keeps until it hears whether it is wanted; 0
    /// where it makes none.
    /// </summary>
    public ulong Span { get; init; }
}

/// <summary>What one worker host carried.</summary>
/// <param name="Host">Its number; 0 is the run's own.</param>
/// <param name="Name">Machine and process, as it said.</param>
/// <param name="Cores">Its compute threads.</param>
/// <param name="Pushes">Results that it completed.</param>
/// <param name="BytesDown">Bytes to it, or read by it where they lay; 0 for the run's own
/// process.</param>
/// <param name="BytesUp">Bytes from it, or written by it where they stay; 0 for the run's own
/// process.</param>
/// <param name="Left">Why it left; null while it is there.</param>
public sealed record HostTraffic(int Host, string Name, int Cores, long Pushes, long BytesDown, long BytesUp, string? Left);

using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

internal enum SlotOutcome
{
    Completed = 1,
    Failed = 2,
    Cancelled = 3,
}

/// <summary>
/// What is written about a slot: the work by the server, its outcome by the host, lines of 64 bytes
/// of their own.
/// </summary>
internal readonly struct SlotHeader(Region region, int slot)
{
    private const int MessageOffset = 192;

    private readonly long at = region.Layout.SlotHeader(slot);

    public SlotOutcome Outcome => (SlotOutcome)region.Int(at + 64);

    public long AnswersTicket => region.Long(at + 72);

    public double Loss => region.Double(at + 80);

    public long ComputeTime => region.Long(at + 88);

    public long Started => region.Long(at + 96);

    public ulong Span => (ulong)region.Long(at + 104);

    /// <summary>
    /// The ticket that the slot carried last, if its spans are wanted; the server says so with the
    /// next work, or at the end.
    /// </summary>
    public long TraceRequested
    {
        get => Volatile.Read(ref region.Long(at + 152));
        set => Volatile.Write(ref region.Long(at + 152), value);
    }

    public string Message
    {
        get
        {
            var length = Math.Clamp(region.Int(at + 68), 0, RegionLayout.LongestMessage);
            return HandshakeMessages.Plain(Encoding.UTF8.GetString(region.Bytes(at + MessageOffset, length)), RegionLayout.LongestMessage);
        }
    }

    /// <summary>The ticket that was withdrawn last in this slot.</summary>
    public long Withdrawn => Volatile.Read(ref region.Long(at + 56));

    public void Withdraw(long ticket) => Volatile.Write(ref region.Long(at + 56), ticket);

    public void Write(in Work work, SentPlace sent)
    {
        (region.Long(at), region.Long(at + 8), region.Long(at + 16), region.Long(at + 24)) = (work.Ticket, work.Gradient, work.Batch, work.Version);
        region.Double(at + 32) = work.LearningRate;
        (region.Int(at + 40), region.Int(at + 44), region.Int(at + 48)) = (work.Worker, sent.File, sent.Index);
        (region.Long(at + 128), region.Long(at + 136), region.Long(at + 144)) = ((long)work.Trace.TraceHigh, (long)work.Trace.TraceLow, (long)work.Trace.Span);
    }

    /// <exception cref="ProtocolException">What was sent is nowhere.</exception>
    public Work Read(SentView sent) =>
        new(
            region.Long(at), region.Int(at + 40), region.Long(at + 8), region.Long(at + 16), region.Long(at + 24), region.Double(at + 32),
            sent.At(new SentPlace(region.Int(at + 44), region.Int(at + 48))), region.State.Length > 0 ? region.State[slot] : null)
        {
            Trace = new SpanContext((ulong)region.Long(at + 128), (ulong)region.Long(at + 136), (ulong)region.Long(at + 144)),
        };

    public void Answer(SlotOutcome outcome, HostWork work, double loss, long computeTime, string? message)
    {
        var text = Encoding.UTF8.GetBytes(message ?? "").AsSpan();
        text = text[..Math.Min(text.Length, RegionLayout.LongestMessage)];
        text.CopyTo(region.Bytes(at + MessageOffset, RegionLayout.LongestMessage));
        (region.Int(at + 64), region.Int(at + 68)) = ((int)outcome, text.Length);
        (region.Long(at + 72), region.Double(at + 80), region.Long(at + 88)) = (work.Work.Ticket, loss, computeTime);
        (region.Long(at + 96), region.Long(at + 104)) = (work.Started, (long)work.Span);
    }
}

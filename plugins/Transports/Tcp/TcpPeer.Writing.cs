using System.Net.Sockets;
using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <content>What is sent to the host: at once as far as the connection takes it, the rest by a
/// thread that writes.</content>
internal sealed partial class TcpPeer
{
    // Sends at once what the connection takes; the rest, and what comes behind it, is the writer's.
    private void Give(Outgoing next)
    {
        if (direct is not null && IsIdle() && !SendNow(direct, ref next))
        {
            return;
        }

        lock (outgoing)
        {
            outgoing.Enqueue(next);
            Monitor.Pulse(outgoing);
        }
    }

    private bool IsIdle()
    {
        lock (outgoing)
        {
            return outgoing.Count == 0 && !writes && !closing && Failure is null;
        }
    }

    // Returns whether something is left to send.
    private bool SendNow(RawSocket to, ref Outgoing next)
    {
        next = Prepared(next);
        next.Frame.Write(header);
        var sent = SentOf(next);
        var state = StateOf(next);
        try
        {
            var count = RawSocket.Send(to, header, sent, state);
            frameWriter.Count(count);
            next = next with { Gone = count };
            if (count < header.Length + sent.Length + state.Length)
            {
                return true;
            }

            IsWhole(next);
            return false;
        }
        catch (IOException e)
        {
            Fail($"its connection broke ({e.Message})");
            return false;
        }
    }

    private void Write()
    {
        try
        {
            while (Next(out var next))
            {
                var isSent = Send(next);
                frameWriter.Flush();
                if (isSent)
                {
                    IsWhole(next);
                }
            }

            if (Failure is null)
            {
                frameWriter.Append(Frame.Short(FrameKind.Bye) with { Length = farewell.Length });
                frameWriter.Append(farewell);
                frameWriter.Flush();
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e)
        {
            Fail($"its connection broke ({e.Message})");
        }
    }

    private bool Next(out Outgoing next)
    {
        lock (outgoing)
        {
            writes = false;
            while (outgoing.Count == 0 && !closing && Failure is null)
            {
                Monitor.Wait(outgoing);
            }

            // A frame that has begun is ended before the farewell.
            next = default;
            writes = Failure is null && (!closing || (outgoing.TryPeek(out var first) && first.Gone > 0)) && outgoing.TryDequeue(out next);
            return writes;
        }
    }

    private void IsWhole(in Outgoing sent)
    {
        if (sent.Frame.Kind == FrameKind.Work)
        {
            Interlocked.Increment(ref wholeWork);
        }
    }

    /// <returns>False for work that need not be sent any more.</returns>
    private bool Send(Outgoing next)
    {
        if (next.Gone < 0)
        {
            if (next.Frame.Kind == FrameKind.Work && Volatile.Read(ref withdrawn[next.Frame.Slot]) == next.Work.Ticket)
            {
                outstanding.Clear(next.Frame.Slot);
                events.Report(new PeerEvent(this, LinkEventKind.Cancelled, null, next.Frame.Slot, next.Work.Ticket));
                return false;
            }

            next = Prepared(next);
        }

        next.Frame.Write(header);
        var gone = Append(header, next.Gone);
        gone = Append(SentOf(next), gone);
        Append(StateOf(next), gone);
        return true;
    }

    // Without what has gone already; returns how much of what has gone lies behind it.
    private long Append(ReadOnlySpan<byte> data, long gone)
    {
        if (gone < data.Length)
        {
            frameWriter.Append(data[(int)gone..]);
        }

        return Math.Max(0, gone - data.Length);
    }

    // The frame as it is sent: with the parameters, or without where the host has them.
    private Outgoing Prepared(in Outgoing next)
    {
        var (frame, work) = (next.Frame, next.Work);
        if (frame.Kind != FrameKind.Work)
        {
            return next with { Gone = 0 };
        }

        var follows = work.SentNumber == 0 || contents[frame.Buffer] != work.SentNumber;
        contents[frame.Buffer] = work.SentNumber;
        var length = ((follows ? terms.SentLength : 0) + terms.StateLength) * sizeof(float);
        return new Outgoing(Frame.Of(work, frame.Slot, frame.Buffer, follows, length, frame.TraceRequested), work, 0);
    }

    private static ReadOnlySpan<byte> SentOf(in Outgoing next) =>
        (next.Frame.Flags & Frame.SentFollows) != 0 ? MemoryMarshal.AsBytes(next.Work.Sent.Span) : [];

    private static ReadOnlySpan<byte> StateOf(in Outgoing next) => next.Work.State is { } state ? MemoryMarshal.AsBytes(state.Span) : [];

    /// <param name="Frame">The header.</param>
    /// <param name="Work">What follows it, for work.</param>
    /// <param name="Gone">Bytes that are sent; below 0 while the frame is not prepared.</param>
    private readonly record struct Outgoing(Frame Frame, Work Work, long Gone = -1);
}

using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>Reads what there is into a piece of memory.</summary>
/// <returns>Bytes; 0 at the end; -1 when there is nothing now.</returns>
internal delegate int ReadBytes(Span<byte> room);

/// <summary>
/// Reads what one host sends, piece by piece as it comes: results straight into their slots,
/// nothing longer than was agreed on, nothing that it was not asked for. Counts bytes, so that a
/// watch can tell a slow host from a silent one.
/// </summary>
internal sealed class FrameReader(ReadBytes read, LinkTerms terms, Outstanding outstanding, Func<int, NativeVector> resultOf)
{
    private readonly byte[] header = new byte[Frame.HeaderLength];
    private readonly byte[] message = new byte[Frame.LongestMessage];
    private readonly int resultBytes = checked((terms.PushLength + terms.StateLength) * sizeof(float));
    private Frame frame;
    private bool hasHeader;
    private int filled;
    private long bytes;
    private long frames;
    private long answers;
    private bool inFrame;

    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Whole frames so far.</summary>
    public long Frames => Volatile.Read(ref frames);

    /// <summary>Work that was answered: by a result, or without one.</summary>
    public long Answers => Volatile.Read(ref answers);

    /// <summary>Whether a frame has begun and not ended.</summary>
    public bool InFrame => Volatile.Read(ref inFrame);

    /// <summary>Whether results are searched for values that are not finite.</summary>
    public volatile bool Searches;

    /// <summary>Goes on reading a frame.</summary>
    /// <param name="peer">Whose frame it is.</param>
    /// <param name="peerEvent">What it tells; null when it tells nothing.</param>
    /// <param name="over">Whether the host says that it leaves.</param>
    /// <returns>Whether the frame is whole; otherwise there is nothing more to read now.</returns>
    /// <exception cref="ProtocolException">The host sent what it may not.</exception>
    /// <exception cref="EndOfStreamException">It has hung up.</exception>
    public bool Read(Peer? peer, out PeerEvent? peerEvent, out bool over)
    {
        (peerEvent, over) = (null, false);
        if (!hasHeader)
        {
            if (!Fill(header))
            {
                return false;
            }

            frame = Frame.Read(header);
            Check();
            (hasHeader, filled) = (true, 0);
        }

        if (!Fill(Body()))
        {
            return false;
        }

        (hasHeader, filled) = (false, 0);
        over = frame.Kind == FrameKind.Bye;
        if (frame.Kind is FrameKind.Result or FrameKind.Abandoned)
        {
            outstanding.Clear(frame.Slot);
            Volatile.Write(ref answers, answers + 1);
            peerEvent = frame.Kind == FrameKind.Result ? Result(peer) : Abandoned(peer);
        }

        Volatile.Write(ref inFrame, false);
        Volatile.Write(ref frames, frames + 1);
        return true;
    }

    private void Check()
    {
        switch (frame.Kind)
        {
            case FrameKind.Result when frame.Length != resultBytes:
                throw new ProtocolException($"it sent a result of {frame.Length} bytes, where {resultBytes} were agreed on");
            case FrameKind.Abandoned when (uint)frame.Length > Frame.LongestMessage:
                throw new ProtocolException($"it sent a message of {frame.Length} bytes, where {Frame.LongestMessage} are allowed");
            case FrameKind.Result or FrameKind.Abandoned:
                outstanding.Check(frame);
                break;
            case FrameKind.Alive or FrameKind.Bye when frame.Length == 0:
                break;
            default:
                throw new ProtocolException("it sent a frame of an unknown kind");
        }
    }

    private Span<byte> Body() => frame.Kind switch
    {
        FrameKind.Result => MemoryMarshal.AsBytes(resultOf(frame.Slot).Span),
        FrameKind.Abandoned => message.AsSpan(0, frame.Length),
        _ => [],
    };

    private PeerEvent Result(Peer? peer)
    {
        var told = new LinkEvent(LinkEventKind.Completed, frame.Ticket, peer?.Number ?? -1, null, frame.Number, frame.Batch, null) { Span = frame.Trace.Span };
        return new PeerEvent(peer, told) { Slot = frame.Slot, HasNonFinite = Searches && !IsFinite(resultOf(frame.Slot).Span) };
    }

    private PeerEvent Abandoned(Peer? peer) => frame.Length == 0
        ? new PeerEvent(peer, LinkEventKind.Cancelled, null, frame.Slot, frame.Ticket)
        : new PeerEvent(
            peer, LinkEventKind.Failed, HandshakeMessages.Plain(Encoding.UTF8.GetString(message.AsSpan(0, frame.Length)), Frame.LongestMessage),
            frame.Slot, frame.Ticket);

    private bool Fill(Span<byte> room)
    {
        while (filled < room.Length)
        {
            var count = read(room[filled..]);
            if (count < 0)
            {
                return false;
            }

            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            filled += count;
            Volatile.Write(ref inFrame, true);
            Volatile.Write(ref bytes, bytes + count);
        }

        return true;
    }

    // All exponent bits set: infinite or not a number.
    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        var exponents = MemoryMarshal.Cast<float, int>(values);
        var mask = new Vector<int>(0x7f80_0000);
        var found = Vector<int>.Zero;
        var i = 0;
        for (; i <= exponents.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            found |= Vector.Equals(new Vector<int>(exponents[i..]) & mask, mask);
        }

        for (; i < exponents.Length; i++)
        {
            if ((exponents[i] & 0x7f80_0000) == 0x7f80_0000)
            {
                return false;
            }
        }

        return Vector.EqualsAll(found, Vector<int>.Zero);
    }
}

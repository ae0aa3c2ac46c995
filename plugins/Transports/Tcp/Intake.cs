using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// Reads what one host sends: results straight into their slots, nothing longer than was agreed on, nothing that it was not asked for. Counts bytes, so
/// that a watch can tell a slow host from a silent one.
/// </summary>
internal sealed class Intake(Stream stream, LinkTerms terms, Outstanding outstanding, Func<int, NativeVector> resultOf)
{
    private readonly byte[] header = new byte[Frame.HeaderLength];
    private readonly byte[] message = new byte[Frame.LongestMessage];
    private readonly int resultBytes = checked((terms.PushLength + terms.StateLength) * sizeof(float));
    private long bytes;
    private long frames;
    private bool inFrame;

    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Whole frames so far.</summary>
    public long Frames => Volatile.Read(ref frames);

    /// <summary>Whether a frame has begun and not ended.</summary>
    public bool InFrame => Volatile.Read(ref inFrame);

    /// <summary>Whether results are searched for values that are not finite.</summary>
    public volatile bool Searches;

    /// <summary>Reads one frame.</summary>
    /// <param name="peer">Whose news it is.</param>
    /// <param name="news">What to tell; meaningless when nothing is.</param>
    /// <param name="over">Whether the host says that it leaves.</param>
    /// <returns>Whether there is something to tell.</returns>
    /// <exception cref="ProtocolException">The host sent what it may not.</exception>
    public bool Read(Peer? peer, out PeerNews news, out bool over)
    {
        Fill(header);
        var frame = Frame.Read(header);
        (news, over) = (default, false);
        var tells = false;
        switch (frame.Kind)
        {
            case FrameKind.Result:
                news = Result(frame, peer);
                tells = true;
                break;
            case FrameKind.Abandoned:
                news = Abandoned(frame, peer);
                tells = true;
                break;
            case FrameKind.Alive or FrameKind.Bye when frame.Length == 0:
                over = frame.Kind == FrameKind.Bye;
                break;
            default:
                throw new ProtocolException("it sent a frame of an unknown kind");
        }

        Volatile.Write(ref inFrame, false);
        Volatile.Write(ref frames, frames + 1);
        return tells;
    }

    private PeerNews Result(in Frame frame, Peer? peer)
    {
        if (frame.Length != resultBytes)
        {
            throw new ProtocolException($"it sent a result of {frame.Length} bytes, where {resultBytes} were agreed on");
        }

        outstanding.Check(frame);
        var result = resultOf(frame.Slot).Span;
        Fill(MemoryMarshal.AsBytes(result));
        outstanding.Clear(frame.Slot);
        return new PeerNews(PeerNewsKind.Completed, peer, frame.Slot, frame.Ticket, frame.Number, frame.Batch, !Searches || IsFinite(result), null);
    }

    private PeerNews Abandoned(in Frame frame, Peer? peer)
    {
        if ((uint)frame.Length > Frame.LongestMessage)
        {
            throw new ProtocolException($"it sent a message of {frame.Length} bytes, where {Frame.LongestMessage} are allowed");
        }

        outstanding.Check(frame);
        Fill(message.AsSpan(0, frame.Length));
        outstanding.Clear(frame.Slot);
        return frame.Length == 0
            ? new PeerNews(PeerNewsKind.Cancelled, peer, frame.Slot, frame.Ticket, double.NaN, 0, true, null)
            : new PeerNews(PeerNewsKind.Failed, peer, frame.Slot, frame.Ticket, double.NaN, 0, true, Letters.Plain(Encoding.UTF8.GetString(message.AsSpan(0, frame.Length)), Frame.LongestMessage));
    }

    private void Fill(Span<byte> room)
    {
        while (!room.IsEmpty)
        {
            var read = stream.Read(room);
            if (read == 0)
            {
                throw new EndOfStreamException();
            }

            Volatile.Write(ref inFrame, true);
            Volatile.Write(ref bytes, bytes + read);
            room = room[read..];
        }
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

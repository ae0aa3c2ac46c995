using System.Runtime.InteropServices;

namespace Orchestrator.Transports;

/// <summary>
/// Writes frames so that a header does not travel alone: where the system can gather, it leaves
/// with what follows, from where that lies; otherwise with its first piece. Used under its owner's
/// lock; the counters are read by the watch.
/// </summary>
/// <param name="stream">The link.</param>
/// <param name="gathering">The link's socket, where nothing but the socket is behind the stream and
/// the system gathers; otherwise null.</param>
internal sealed class FrameWriter(Stream stream, SafeHandle? gathering = null)
{
    private const int StagedLength = 16 << 10;
    private const int PieceLength = 256 << 10;

    private readonly byte[] staged = new byte[StagedLength];
    private int count;
    private long bytes;
    private bool isWriting;

    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Whether a write is under way.</summary>
    public bool IsWriting => Volatile.Read(ref isWriting);

    /// <summary>Sends a frame with what follows it.</summary>
    public void Send(in Frame frame, ReadOnlySpan<byte> data)
    {
        Append(frame);
        var gone = 0;
        if (gathering is not null && count == Frame.HeaderLength)
        {
            var sent = RawSocket.Send(gathering, staged.AsSpan(0, count), data, []);
            Count(sent);
            gone = (int)Math.Max(0, sent - count);
            var left = (int)Math.Max(0, count - sent);
            staged.AsSpan(count - left, left).CopyTo(staged);
            count = left;
        }

        Append(data[gone..]);
        Flush();
    }

    /// <summary>Counts what somebody else wrote.</summary>
    public void Count(long sent) => Volatile.Write(ref bytes, bytes + sent);

    public void Append(in Frame frame)
    {
        if (count + Frame.HeaderLength > StagedLength)
        {
            Flush();
        }

        frame.Write(staged.AsSpan(count));
        count += Frame.HeaderLength;
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        var first = Math.Min(data.Length, StagedLength - count);
        data[..first].CopyTo(staged.AsSpan(count));
        count += first;
        data = data[first..];
        while (!data.IsEmpty)
        {
            Flush();
            var piece = data[..Math.Min(PieceLength, data.Length)];
            Write(piece);
            data = data[piece.Length..];
        }
    }

    public void Flush()
    {
        if (count > 0)
        {
            Write(staged.AsSpan(0, count));
            count = 0;
        }
    }

    private void Write(ReadOnlySpan<byte> piece)
    {
        Volatile.Write(ref isWriting, true);
        stream.Write(piece);
        Volatile.Write(ref bytes, bytes + piece.Length);
        Volatile.Write(ref isWriting, false);
    }
}

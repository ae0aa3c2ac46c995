namespace Orchestrator.Transports;

/// <summary>
/// Writes frames so that a header does not travel alone: it goes with the first piece of what follows; the rest leaves from where it lies. Used under its
/// owner's lock; the counters are read by the watch.
/// </summary>
internal sealed class Outlet(Stream stream)
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

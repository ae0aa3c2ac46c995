namespace Orchestrator.Transports.Tests;

/// <summary>
/// A connection whose other end is a script: it is asked for the next bytes when all before have
/// been read, and sees what was written.
/// </summary>
internal sealed class ScriptedStream(Func<MemoryStream, byte[]?> next) : Stream
{
    private readonly MemoryStream written = new();
    private byte[] current = [];
    private int position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (position == current.Length)
        {
            if (next(written) is not { } more)
            {
                return 0;
            }

            (current, position) = (more, 0);
        }

        var count = Math.Min(buffer.Length, current.Length - position);
        current.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => written.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => written.Write(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

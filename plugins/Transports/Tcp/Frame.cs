using System.Buffers.Binary;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

internal enum FrameKind : byte
{
    Work = 16,
    Cancel = 17,
    Result = 18,
    Abandoned = 19,
    Alive = 20,
    Bye = 21,
}

/// <summary>
/// After the handshake every frame begins with 96 bytes, little-endian: length of what follows (4),
/// kind (1), flags (1), slot (2), sent buffer (2), zero (2), worker (4), ticket, gradient, batch,
/// version (8 each), a double (8: learning rate down, loss up), zero (8), a span's name (trace 16,
/// span 8), downwards the ticket before in this slot if its spans are wanted (8). Upwards the
/// compute time is in the batch's place, and of the span the id alone is said.
/// </summary>
internal readonly record struct Frame(
    int Length, FrameKind Kind, byte Flags, int Slot, int Buffer, int Worker, long Ticket, long Gradient, long Batch, long Version, double Number)
{
    public const int HeaderLength = 96;
    public const byte SentFollows = 1;

    /// <summary>Longest message of a failure.</summary>
    public const int LongestMessage = 2_048;

    /// <summary>A span: of work the parent, of a result its own.</summary>
    public SpanContext Trace { get; init; }

    /// <summary>
    /// The ticket that the slot carried before, if its spans are wanted; otherwise 0.
    /// </summary>
    public long TraceRequested { get; init; }

    public static Frame Of(in Work work, int slot, int buffer, bool sentFollows, int length, long wanted) => new(
        length, FrameKind.Work, sentFollows ? SentFollows : (byte)0, slot, buffer, work.Worker, work.Ticket, work.Gradient, work.Batch, work.Version, work.LearningRate)
    {
        Trace = work.Trace,
        TraceRequested = wanted,
    };

    public static Frame Short(FrameKind kind, int slot = 0, long ticket = 0) => new(0, kind, 0, slot, 0, 0, ticket, 0, 0, 0, 0);

    public static Frame Read(ReadOnlySpan<byte> header)
    {
        if (BinaryPrimitives.ReadInt16LittleEndian(header[10..]) != 0 || BinaryPrimitives.ReadInt64LittleEndian(header[56..]) != 0)
        {
            throw new ProtocolException("it sent a frame with bytes set that must be zero");
        }

        return new Frame(
            BinaryPrimitives.ReadInt32LittleEndian(header),
            (FrameKind)header[4],
            header[5],
            BinaryPrimitives.ReadUInt16LittleEndian(header[6..]),
            BinaryPrimitives.ReadUInt16LittleEndian(header[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[40..]),
            BinaryPrimitives.ReadDoubleLittleEndian(header[48..]))
        {
            Trace = new SpanContext(
                BinaryPrimitives.ReadUInt64LittleEndian(header[64..]), BinaryPrimitives.ReadUInt64LittleEndian(header[72..]), BinaryPrimitives.ReadUInt64LittleEndian(header[80..])),
            TraceRequested = BinaryPrimitives.ReadInt64LittleEndian(header[88..]),
        };
    }

    public void Write(Span<byte> header)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, Length);
        (header[4], header[5]) = ((byte)Kind, Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)Slot);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], (ushort)Buffer);
        BinaryPrimitives.WriteInt16LittleEndian(header[10..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Worker);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], Ticket);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], Gradient);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], Batch);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], Version);
        BinaryPrimitives.WriteDoubleLittleEndian(header[48..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(header[56..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(header[64..], Trace.TraceHigh);
        BinaryPrimitives.WriteUInt64LittleEndian(header[72..], Trace.TraceLow);
        BinaryPrimitives.WriteUInt64LittleEndian(header[80..], Trace.Span);
        BinaryPrimitives.WriteInt64LittleEndian(header[88..], TraceRequested);
    }
}

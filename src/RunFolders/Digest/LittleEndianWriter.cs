using System.Buffers.Binary;

namespace Orchestrator.RunFolders;

/// <summary>
/// Lays out a fixed record, little-endian. Every NaN is written as the same bits: which NaN an
/// operation gives depends on the processor.
/// </summary>
internal ref struct LittleEndianWriter(Span<byte> buffer)
{
    private const long CanonicalNaN = 0x7FF8_0000_0000_0000;

    private Span<byte> rest = buffer;

    public void Add(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, value);
        rest = rest[sizeof(int)..];
    }

    public void Add(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(rest, value);
        rest = rest[sizeof(long)..];
    }

    public void Add(double value) => Add(double.IsNaN(value) ? CanonicalNaN : BitConverter.DoubleToInt64Bits(value));
}

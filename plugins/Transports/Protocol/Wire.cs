using System.Buffers.Binary;
using System.Text;

namespace Orchestrator.Transports;

/// <summary>Writes a message, little-endian.</summary>
internal sealed class WireWriter
{
    private readonly MemoryStream bytes = new();

    public ReadOnlySpan<byte> Written => bytes.GetBuffer().AsSpan(0, (int)bytes.Length);

    public WireWriter Int(int value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(four, value);
        bytes.Write(four);
        return this;
    }

    public WireWriter Long(long value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        bytes.Write(eight);
        return this;
    }

    public WireWriter Bytes(ReadOnlySpan<byte> value)
    {
        bytes.Write(value);
        return this;
    }

    public WireWriter Text(string value)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        return Int(utf8.Length).Bytes(utf8);
    }

    public WireWriter Facts(IReadOnlyDictionary<string, string> facts)
    {
        Int(facts.Count);
        foreach (var (name, value) in facts)
        {
            Text(name).Text(value);
        }

        return this;
    }
}

/// <summary>
/// Reads a message; whatever does not fit in it is a <see cref="ProtocolException"/>.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> message, string what)
{
    private const int LargestCount = 64;

    private ReadOnlySpan<byte> rest = message;

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)rest.Length)
        {
            throw new ProtocolException($"its {what} ends too early");
        }

        var bytes = rest[..count];
        rest = rest[count..];
        return bytes;
    }

    public string Text(int longest)
    {
        var length = Int();
        return (uint)length <= (uint)longest
            ? Encoding.UTF8.GetString(Bytes(length))
            : throw new ProtocolException($"its {what} holds a text of {length} bytes, where {longest} are allowed");
    }

    public Dictionary<string, string> Facts()
    {
        var count = Int();
        if ((uint)count > LargestCount)
        {
            throw new ProtocolException($"its {what} holds {count} facts, where {LargestCount} are allowed");
        }

        var facts = new Dictionary<string, string>();
        for (var i = 0; i < count; i++)
        {
            facts[Text(100)] = Text(1_000);
        }

        return facts;
    }

    public readonly void End()
    {
        if (!rest.IsEmpty)
        {
            throw new ProtocolException($"its {what} is {rest.Length} bytes too long");
        }
    }
}

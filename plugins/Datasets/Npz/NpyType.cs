using System.Runtime.InteropServices;

namespace Orchestrator.Datasets;

/// <summary>
/// The type of an array's elements, as NumPy writes it: <c>&lt;f4</c>, <c>|u1</c>.
/// </summary>
/// <param name="Kind">b (bool), u, i or f.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal readonly record struct NpyType(char Kind, int Size, bool IsBigEndian)
{
    public const string Known = "bool, int8 to int64, uint8 to uint64, float16, float32 and float64";

    public bool IsByte => this is { Kind: 'u', Size: 1 };

    public bool IsWhole => Kind != 'f';

    /// <summary>Null for types that are not read.</summary>
    public static NpyType? Parse(string text) => text is [_, _, _] && "<>|=".Contains(text[0])
        ? (text[1], text[2]) switch
        {
            ('b', '1') or ('u' or 'i', '1' or '2' or '4' or '8') or ('f', '2' or '4' or '8') => new NpyType(text[1], text[2] - '0', text[0] == '>'),
            _ => null,
        }
        : null;

    /// <summary>Makes elements of this machine's byte order, in place.</summary>
    public void Order(Span<byte> raw)
    {
        if (IsBigEndian == BitConverter.IsLittleEndian && Size > 1)
        {
            for (; raw.Length > 0; raw = raw[Size..])
            {
                raw[..Size].Reverse();
            }
        }
    }

    /// <summary>Elements in this machine's byte order as floats.</summary>
    public void ToFloats(ReadOnlySpan<byte> raw, Span<float> values)
    {
        switch (Kind, Size)
        {
            case ('f', 4): Convert<float>(raw, values, x => x); break;
            case ('f', 8): Convert<double>(raw, values, x => (float)x); break;
            case ('f', _): Convert<Half>(raw, values, x => (float)x); break;
            case ('i', 1): Convert<sbyte>(raw, values, x => x); break;
            case ('i', 2): Convert<short>(raw, values, x => x); break;
            case ('i', 4): Convert<int>(raw, values, x => x); break;
            case ('i', _): Convert<long>(raw, values, x => x); break;
            case (_, 2): Convert<ushort>(raw, values, x => x); break;
            case (_, 4): Convert<uint>(raw, values, x => x); break;
            case (_, 8): Convert<ulong>(raw, values, x => x); break;
            default: Convert<byte>(raw, values, x => x); break;
        }
    }

    /// <summary>
    /// Elements of a whole type in this machine's byte order; those beyond 2^63 come out negative.
    /// </summary>
    public void ToIntegers(ReadOnlySpan<byte> raw, Span<long> values)
    {
        switch (Kind, Size)
        {
            case ('i', 1): Convert<sbyte>(raw, values, x => x); break;
            case ('i', 2): Convert<short>(raw, values, x => x); break;
            case ('i', 4): Convert<int>(raw, values, x => x); break;
            case (_, 2): Convert<ushort>(raw, values, x => x); break;
            case (_, 4): Convert<uint>(raw, values, x => x); break;
            case (_, 8): Convert<long>(raw, values, x => x); break;
            default: Convert<byte>(raw, values, x => x); break;
        }
    }

    private static void Convert<T>(ReadOnlySpan<byte> raw, Span<float> values, Func<T, float> convert) where T : unmanaged
    {
        var elements = MemoryMarshal.Cast<byte, T>(raw);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = convert(elements[i]);
        }
    }

    private static void Convert<T>(ReadOnlySpan<byte> raw, Span<long> values, Func<T, long> convert) where T : unmanaged
    {
        var elements = MemoryMarshal.Cast<byte, T>(raw);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = convert(elements[i]);
        }
    }
}

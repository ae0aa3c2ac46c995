using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Datasets;

/// <summary>
/// What an .npy file says of its array: eight bytes of magic and version, the length of the text
/// (two bytes in version 1, four in 2 and 3), and the text, a Python dictionary of descr,
/// fortran_order and shape. numpy.lib.format, versions 1.0, 2.0 and 3.0.
/// </summary>
/// <param name="Type">Of the elements.</param>
/// <param name="IsFortran">Whether the first index changes fastest.</param>
/// <param name="Shape">Sizes; none for a scalar.</param>
/// <param name="Length">Bytes before the elements.</param>
internal sealed partial record NpyHeader(NpyType Type, bool IsFortran, IReadOnlyList<int> Shape, int Length)
{
    private const int LongestText = 1 << 16;
    private const int MostDimensions = 32;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Elements.</summary>
    public Int128 Count => Shape.Aggregate(Int128.One, (product, size) => product * size);

    /// <summary>Such as <c>uint8 [60000, 28, 28]</c>.</summary>
    public string Words => $"{(Type.Kind switch { 'b' => "bool", 'u' => "uint", 'i' => "int", _ => "float" })}{(Type.Kind == 'b' ? "" : $"{8 * Type.Size}")} [{string.Join(", ", Shape)}]";

    /// <exception cref="InvalidDataException">It is no header, or one of an array that is not read;
    /// the message is a clause.</exception>
    /// <exception cref="EndOfStreamException">It ends too early.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        stream.ReadExactly(start[..8]);
        if (!start.StartsWith(Magic) || start[6] is < 1 or > 3)
        {
            throw new InvalidDataException($"it starts with 0x{Convert.ToHexStringLower(start[..8])}, not as an .npy file of version 1, 2 or 3");
        }

        var lengthBytes = start[6] == 1 ? 2 : 4;
        stream.ReadExactly(start.Slice(8, lengthBytes));
        var length = lengthBytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > LongestText)
        {
            throw new InvalidDataException($"its header says that it has {DataFile.Number(length)} bytes of text; at most {DataFile.Number(LongestText)} are read");
        }

        var text = new byte[length];
        stream.ReadExactly(text);
        return Parse(Encoding.UTF8.GetString(text), 8 + lengthBytes + (int)length);
    }

    private static NpyHeader Parse(string text, int length)
    {
        var (descr, order, shape) = (Descr().Match(text), Order().Match(text), ShapeText().Match(text));
        if (!order.Success || !shape.Success || !text.Contains("'descr'", StringComparison.Ordinal))
        {
            throw new InvalidDataException("its header has no descr, fortran_order and shape as NumPy writes them");
        }

        var type = (descr.Success ? NpyType.Parse(descr.Groups[1].Value) : null)
            ?? throw new InvalidDataException($"its elements are {(descr.Success ? $"of type {Guard.Plain(descr.Groups[1].Value)}" : "records")}; {NpyType.Known} are read");
        return new NpyHeader(type, order.Groups[1].Value == "True", Sizes(shape.Groups[1].Value), length);
    }

    private static List<int> Sizes(string text)
    {
        var sizes = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var size) || sizes.Count == MostDimensions)
            {
                throw new InvalidDataException($"its shape ({Guard.Plain(text)}) is none that is read: at most {MostDimensions} sizes below 2,147,483,648");
            }

            sizes.Add(size);
        }

        return sizes;
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex Order();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9L,\s]*)\)")]
    private static partial Regex ShapeText();
}

using System.Buffers.Binary;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// An idx file: a big-endian magic number (two zero bytes, the element type, the number of
/// dimensions), the sizes as 32-bit integers, then the bytes. LeCun, Cortes, Burges: The MNIST
/// database of handwritten digits.
/// </summary>
internal sealed class IdxFile : IDisposable
{
    public const uint Images = 0x0803;
    public const uint Labels = 0x0801;

    private readonly DataFile file;

    private IdxFile(DataFile file, uint kind)
    {
        this.file = file;
        CheckKind(ReadInteger(), kind);
        Sizes = [.. Enumerable.Range(0, (int)(kind & 0xFF)).Select(_ => ReadInteger())];
        if (Sizes.Contains(0u))
        {
            throw file.Wrong($"its header says {Words()}; every size must be at least 1");
        }

        file.ExpectLength(Sizes.Aggregate(Int128.One, (product, size) => product * size) + file.Position, $"a header and {Words()}");
    }

    /// <summary>
    /// Count, and for images height and width; their product is at most
    /// <see cref="DataFile.MostContent"/>.
    /// </summary>
    public uint[] Sizes { get; }

    public int Count => (int)Sizes[0];

    /// <summary>Opens a file and checks its header, and its length against the header.</summary>
    public static IdxFile Open(string path, uint kind)
    {
        var file = DataFile.Open(path);
        try
        {
            return new IdxFile(file, kind);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The elements of the first <paramref name="count"/> samples.</summary>
    public byte[] Read(int count)
    {
        var content = new byte[Sizes.Skip(1).Aggregate(count, (product, size) => product * (int)size)];
        file.Read(content);
        if (count == Count)
        {
            file.ExpectEnd();
        }

        return content;
    }

    public DataException Wrong(string what) => file.Wrong(what);

    public void Dispose() => file.Dispose();

    private void CheckKind(uint found, uint expected)
    {
        if (found != expected)
        {
            throw file.Wrong($"it starts with 0x{found:x8}{Meaning(found)}; {Number(expected)}{Meaning(expected)} is expected");
        }

        static string Number(uint kind) => $"0x{kind:x8}";

        static string Meaning(uint kind) => kind switch { Images => " (idx images)", Labels => " (idx labels)", _ => "" };
    }

    private string Words() => Sizes.Length == 1 ? $"{Sizes[0]} labels" : $"{Sizes[0]} images of {Sizes[1]}x{Sizes[2]}";

    private uint ReadInteger()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        file.Read(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}

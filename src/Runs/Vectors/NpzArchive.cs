using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Runs;

/// <summary>
/// Arrays by name as <c>numpy.load</c> reads them: a zip archive of .npy files, version 1.0, little
/// endian, first index slowest. Stored without compression and with the zip format's first date, so
/// that the same arrays are the same bytes.
/// </summary>
public sealed class NpzArchive : IDisposable
{
    private static readonly DateTimeOffset FirstDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive archive;

    /// <param name="stream">Where it is written; stays open.</param>
    public NpzArchive(Stream stream) => archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);

    /// <summary>Adds an array of floats, 32 or 64 bits, or integers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="elements">All of them, rows first.</param>
    /// <param name="shape">Sizes, whose product is their number.</param>
    public void Add<T>(string name, ReadOnlySpan<T> elements, params int[] shape) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shape.Aggregate(1, (product, size) => product * size), elements.Length, nameof(shape));
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Arrays are written by machines that are little-endian.");
        }

        var entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = FirstDate;
        using var file = entry.Open();
        file.Write(Header(TypeOf<T>(), shape));
        file.Write(MemoryMarshal.AsBytes(elements));
    }

    public void Dispose() => archive.Dispose();

    private static string TypeOf<T>() => default(T) switch
    {
        float => "<f4",
        double => "<f8",
        int => "<i4",
        long => "<i8",
        _ => throw new NotSupportedException($"Arrays of {typeof(T).Name} are not written."),
    };

    // Magic, version, length, and a dictionary that ends in a new line at a multiple of 64 bytes.
    private static byte[] Header(string type, int[] shape)
    {
        const int Start = 10;
        var sizes = string.Join(", ", shape) + (shape.Length == 1 ? "," : "");
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({sizes}), }}";
        var length = ((Start + text.Length + 1 + 63) / 64 * 64) - Start;
        byte[] header = [0x93, .. "NUMPY"u8, 1, 0, 0, 0, .. Encoding.ASCII.GetBytes(text.PadRight(length - 1)), (byte)'\n'];
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        return header;
    }
}

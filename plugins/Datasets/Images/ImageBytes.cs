using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;

namespace Orchestrator.Datasets;

/// <summary>
/// What can be said of an image's bytes before they are decoded: that nothing is cut off, and that
/// they are not too few for the pixels that they claim. A decoder takes both on trust.
/// </summary>
internal static class ImageBytes
{
    private const int MostUnfolding = 1032;

    // Bytes that the data of an image may unfold to, whatever its size.
    private const long Harmless = 1 << 26;

    // Deflate unfolds so many times at most, and a pixel takes a bit at least.
    private const long MostPixelsPerPngByte = 8 * MostUnfolding;

    // A block of 8x8 takes a bit at least, in the thinnest scan of a progressive file.
    private const long MostPixelsPerJpegByte = 8 * 64;

    private static ReadOnlySpan<byte> PngStart => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> JpegScan => [0xFF, 0xDA];

    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];

    /// <summary>What is wrong with the bytes; null where nothing is.</summary>
    public static string? Mistake(ReadOnlySpan<byte> file) =>
        file.StartsWith(PngStart) ? PngMistake(file[PngStart.Length..])
        : !file.StartsWith(JpegStart) ? $"it starts with 0x{Convert.ToHexStringLower(file[..Math.Min(4, file.Length)])}, not as a PNG or JPEG image"
        : file.LastIndexOf(JpegEnd) < file.LastIndexOf(JpegScan) ? "it is truncated: it has no end marker after its last scan"
        : null;

    /// <summary>Pixels that so many bytes can hold.</summary>
    public static long MostPixels(ReadOnlySpan<byte> file) => file.Length * (file.StartsWith(PngStart) ? MostPixelsPerPngByte : MostPixelsPerJpegByte);

    // Chunks: length, four letters, content, checksum of letters and content; big-endian. ISO
    // 15948.
    private static string? PngMistake(ReadOnlySpan<byte> chunks)
    {
        const int Around = 12;
        var all = chunks;
        var packed = 0L;
        for (var isEnd = false; !isEnd;)
        {
            if (chunks.Length < Around || BinaryPrimitives.ReadUInt32BigEndian(chunks) is var length && length > chunks.Length - Around)
            {
                return "it is truncated: a chunk ends beyond the end of the file";
            }

            var body = chunks.Slice(sizeof(uint), sizeof(uint) + (int)length);
            if (BinaryPrimitives.ReadUInt32BigEndian(chunks[(sizeof(uint) + body.Length)..]) != Crc32.HashToUInt32(body))
            {
                return "it is damaged: the checksum of a chunk is wrong";
            }

            isEnd = body.StartsWith("IEND"u8);
            packed += body.StartsWith("IDAT"u8) ? body.Length : 0;
            chunks = chunks[(Around + (int)length)..];
        }

        // Little unfolds to little: only images with more than 64 kB of data are unfolded twice. What
        // stands behind the end is no image's.
        return packed > Harmless / MostUnfolding && PngLength(all) is { } needed && Unfolds(all[..^chunks.Length], needed)
            ? string.Create(CultureInfo.InvariantCulture, $"its data unfold to more than the {needed} bytes of an image of its size")
            : null;
    }

    // Bytes of all rows, each with a byte for its filter; of the seven passes of an interlaced
    // image. Null where the header, the first chunk, is none.
    private static long? PngLength(ReadOnlySpan<byte> chunks)
    {
        var header = chunks[(2 * sizeof(uint))..];
        if (!chunks[sizeof(uint)..].StartsWith("IHDR"u8) || header.Length < 13)
        {
            return null;
        }

        long width = BinaryPrimitives.ReadUInt32BigEndian(header), height = BinaryPrimitives.ReadUInt32BigEndian(header[sizeof(uint)..]);
        var samples = header[9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var bits = (long)header[8] * samples;
        ReadOnlySpan<(int X, int Y, int StepX, int StepY)> passes = header[12] == 0
            ? [(0, 0, 1, 1)]
            : [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        var length = 0L;
        foreach (var (x, y, stepX, stepY) in passes)
        {
            var (columns, rows) = ((width - x + stepX - 1) / stepX, (height - y + stepY - 1) / stepY);
            length += columns > 0 ? rows * (1 + (((columns * bits) + 7) / 8)) : 0;
        }

        return length;
    }

    // Whether the data chunks, taken together, unfold to more than so many bytes.
    private static bool Unfolds(ReadOnlySpan<byte> chunks, long most)
    {
        using var data = new MemoryStream();
        while (chunks.Length > 0)
        {
            var body = chunks.Slice(sizeof(uint), sizeof(uint) + (int)BinaryPrimitives.ReadUInt32BigEndian(chunks));
            data.Write(body.StartsWith("IDAT"u8) ? body[sizeof(uint)..] : []);
            chunks = chunks[((2 * sizeof(uint)) + body.Length)..];
        }

        data.Position = 0;
        using var unfolding = new ZLibStream(data, CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; most >= 0 && (read = unfolding.Read(buffer)) > 0;)
            {
                most -= read;
            }
        }
        catch (InvalidDataException)
        {
            // The decoder says what is wrong with it.
        }

        return most < 0;
    }
}

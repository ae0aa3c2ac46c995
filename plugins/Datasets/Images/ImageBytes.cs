using System.Buffers.Binary;
using System.IO.Hashing;

namespace Orchestrator.Datasets;

/// <summary>
/// What can be said of an image's bytes before they are decoded: that nothing is cut off, and that
/// they are not too few for the pixels that they claim. A decoder takes both on trust.
/// </summary>
internal static class ImageBytes
{
    // Deflate unfolds 1,032 times at most, and a pixel takes a bit at least.
    private const long MostPixelsPerPngByte = 8 * 1032;

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
            chunks = chunks[(Around + (int)length)..];
        }

        return null;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Orchestrator.Datasets.Tests;

/// <summary>Small images.</summary>
internal static class Pictures
{
    /// <summary>A JPEG of 16x16 pixels, quality 75, chroma halved, made with Pillow.</summary>
    public static byte[] Jpeg => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgy"
        + "IRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAQABADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL"
        + "/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1"
        + "dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQF"
        + "BgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm"
        + "Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDzfTtA6fJX"
        + "XadoHT5P0rpNO0Dp8n6V12naB0+SilVDIc+21P/Z");

    /// <summary>
    /// An 8-bit PNG, grey (1), colour (3) or with transparency (4), rows filtered by turns.
    /// </summary>
    public static byte[] Png(int height, int width, int channels, Func<int, int> pixel)
    {
        var raw = new MemoryStream();
        for (var row = 0; row < height; row++)
        {
            var filter = row % 2; // none, then "sub"
            raw.WriteByte((byte)filter);
            for (var i = 0; i < width * channels; i++)
            {
                var before = filter == 1 && i >= channels ? pixel((row * width * channels) + i - channels) : 0;
                raw.WriteByte((byte)(pixel((row * width * channels) + i) - before));
            }
        }

        return Png(height, width, channels, zlib => zlib.Write(raw.ToArray()));
    }

    /// <summary>A grey PNG of 8x7 pixels with 128 MiB of zeros for rows.</summary>
    public static byte[] Bomb() => Png(8, 7, 1, zlib =>
    {
        var zeros = new byte[1 << 20];
        for (var i = 0; i < 128; i++)
        {
            zlib.Write(zeros);
        }
    });

    private static byte[] Png(int height, int width, int channels, Action<Stream> rows)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            rows(zlib);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = (byte)(channels switch { 1 => 0, 3 => 2, _ => 6 });
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>
    /// The image with checksums that are right again, as far as its chunks can be followed.
    /// </summary>
    public static byte[] WithChecksums(byte[] png)
    {
        for (var at = 8;
            png.Length - at >= 12 && BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at)) is var length && length <= png.Length - at - 12;
            at += 12 + (int)length)
        {
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 8 + (int)length), Crc32.HashToUInt32(png.AsSpan(at + 4, 4 + (int)length)));
        }

        return png;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        byte[] body = [.. kind, .. content];
        var checksum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.HashToUInt32(body));
        return [.. length, .. body, .. checksum];
    }
}

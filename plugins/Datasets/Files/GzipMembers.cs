using System.IO.Compression;

namespace Orchestrator.Datasets;

/// <summary>
/// A gzip file's last four bytes say how much it holds only where it is one member and nothing else
/// (RFC 1952). Files that were appended to each other, or packed in blocks, have several members,
/// and some tools pad with zeros: then what they hold is known by unpacking them once.
/// </summary>
internal static class GzipMembers
{
    /// <summary>
    /// The shortest member: a header of 10 bytes, an empty deflate block of 2 at least, a checksum
    /// and a length of 4 bytes each.
    /// </summary>
    public const int Shortest = 18;

    /// <summary>What a member begins with, its compression method included.</summary>
    private static ReadOnlySpan<byte> Mark => [0x1F, 0x8B, 8];

    public static bool BeginAt(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Mark[..2]);

    /// <summary>
    /// Whether something in the file looks like a second member; certain where it is false.
    /// </summary>
    public static bool MayBeSeveral(FileStream file)
    {
        var buffer = new byte[1 << 18];
        long start = Shortest;
        for (int read; (read = RandomAccess.Read(file.SafeFileHandle, buffer, start)) >= Mark.Length;)
        {
            for (int from = 0, found; (found = buffer.AsSpan(from, read - from).IndexOf(Mark)) >= 0; from += found + 1)
            {
                if (Unfolds(file, start + from + found))
                {
                    return true;
                }
            }

            // A mark may lie across two pieces.
            start += read - Mark.Length + 1;
        }

        return false;
    }

    /// <summary>
    /// Bytes of content of all members; where there are more than <paramref name="most"/>, one more
    /// than that.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static long Count(FileStream file, long most)
    {
        file.Position = 0;
        using var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[1 << 16];
        var bytes = 0L;
        for (int read; bytes <= most && (read = gzip.Read(buffer)) > 0;)
        {
            bytes += read;
        }

        return Math.Min(bytes, most + 1);
    }

    // The mark is met by chance in about one of 16 MB; what follows it then is hardly ever the
    // beginning of a member.
    private static bool Unfolds(FileStream file, long start)
    {
        try
        {
            file.Position = start;
            using var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            gzip.ReadAtLeast(new byte[1 << 12], 1 << 12, throwOnEndOfStream: false);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// A file of samples, as it is or under gzip (told by its first bytes, not by its name), read front
/// to back. How much it holds is known and limited before a byte of content is read, so a file can
/// neither claim nor unfold more memory than it deserves. Every failure is a
/// <see cref="DataException"/> that begins with the path.
/// </summary>
internal sealed class DataFile : IDisposable
{
    /// <summary>Content of one file, at most.</summary>
    public const long MostContent = 1L << 30;

    // Deflate's densest code: 258 bytes for two bits.
    private const int DensestGzip = 1032;

    private readonly string path;
    private readonly bool gzip;
    private readonly Stream stream;
    private bool isCounted;
    private long position;

    private DataFile(string path, FileStream file)
    {
        (this.path, stream, ContentLength) = (path, file, file.Length);
        Span<byte> ends = stackalloc byte[4];
        gzip = file.Length >= GzipMembers.Shortest && file.ReadAtLeast(ends, ends.Length) == ends.Length && GzipMembers.BeginAt(ends);
        if (gzip)
        {
            file.Position = file.Length - ends.Length;
            file.ReadExactly(ends);
            ContentLength = BinaryPrimitives.ReadUInt32LittleEndian(ends);
            stream = new GZipStream(file, CompressionMode.Decompress);
        }

        file.Position = 0;
        if (gzip && ContentLength > DensestGzip * file.Length)
        {
            throw Wrong($"gzip's last four bytes record {Number(ContentLength)} bytes of content, more than a file of {Number(file.Length)} bytes can hold");
        }

        if (ContentLength > MostContent)
        {
            throw TooMuch();
        }
    }

    /// <summary>
    /// Bytes of content: the file's length, or what gzip records of it, or what was counted.
    /// </summary>
    public long ContentLength { get; private set; }

    /// <summary>Bytes of content read so far.</summary>
    public long Position => position;

    public static DataFile Open(string path)
    {
        try
        {
            var file = RegularFile.Open(path, bufferSize: 1 << 16);
            try
            {
                return file.Length > 0 ? new DataFile(path, file) : throw new DataException($"{path}: it is empty; a file of samples is expected");
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: it cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Reads exactly this much content.</summary>
    public void Read(Span<byte> content)
    {
        var read = Guarded(content, (source, target) => source.ReadAtLeast(target, target.Length, throwOnEndOfStream: false));
        position += read;
        if (read < content.Length)
        {
            throw Wrong($"it is truncated: its content ends after {Number(position)} bytes of {Number(ContentLength)}");
        }
    }

    /// <summary>
    /// Reads content of any length: as much as there is room for, less only at its end.
    /// </summary>
    public int ReadUpTo(Span<byte> content)
    {
        var read = Guarded(content, (source, target) => source.ReadAtLeast(target, target.Length, throwOnEndOfStream: false));
        position += read;
        return position <= MostContent ? read : throw Wrong($"it holds more than {Number(MostContent)} bytes; at most so many are read from one file");
    }

    /// <summary>Checks that all content has been read.</summary>
    public void ExpectEnd()
    {
        Span<byte> one = stackalloc byte[1];
        if (Guarded(one, (source, target) => source.Read(target)) > 0)
        {
            throw Wrong($"it is over-long: its content goes on after {Number(position)} bytes, where it should end");
        }
    }

    /// <summary>Checks the length that a header calls for.</summary>
    public void ExpectLength(Int128 expected, string reason)
    {
        if (expected != ContentLength)
        {
            CountMembers();
        }

        if (expected != ContentLength)
        {
            var held = gzip && !isCounted ? $"gzip's last four bytes record {Number(ContentLength)}" : $"it holds {Number(ContentLength)}";
            var fault = expected > ContentLength ? "truncated" : "over-long";
            throw Wrong($"{reason} make {Number(expected)} bytes, but {held}: it is {fault}, or its header is wrong");
        }
    }

    /// <summary>
    /// Makes sure of the length of content that has no header: a whole number of records, of all
    /// members of a gzip file.
    /// </summary>
    /// <returns>The number of records; 0 where it is not whole.</returns>
    public long CountRecords(int recordLength)
    {
        if (gzip && (ContentLength == 0 || ContentLength % recordLength != 0 || Other(GzipMembers.MayBeSeveral)))
        {
            CountMembers();
        }

        return ContentLength % recordLength == 0 ? ContentLength / recordLength : 0;
    }

    /// <summary>An error about this file.</summary>
    public DataException Wrong(string what, Exception? cause = null) => cause is null ? new($"{path}: {what}") : new($"{path}: {what}", cause);

    public static string Number(Int128 value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public void Dispose() => stream.Dispose();

    private void CountMembers()
    {
        if (!gzip || isCounted)
        {
            return;
        }

        isCounted = true;
        ContentLength = Other(file => GzipMembers.Count(file, MostContent));
        if (ContentLength > MostContent)
        {
            throw TooMuch();
        }
    }

    private DataException TooMuch() => Wrong($"it holds {(isCounted ? $"more than {Number(MostContent)}" : Number(ContentLength))} bytes; at most {Number(MostContent)} are read from one file");

    // On a handle of its own: this one stays where it is.
    private T Other<T>(Func<FileStream, T> look)
    {
        try
        {
            using var file = RegularFile.Open(path, bufferSize: 0);
            return look(file);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Wrong($"it is corrupt, truncated or cannot be read: {failure.Message}", failure);
        }
    }

    private int Guarded(Span<byte> target, Func<Stream, Span<byte>, int> read)
    {
        try
        {
            return read(stream, target);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Wrong($"it is corrupt or cannot be read, after {Number(position)} bytes of content: {failure.Message}", failure);
        }
    }
}

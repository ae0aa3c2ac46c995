using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// Reads the lines of a run folder's CSV file behind its header, while it is being written or long
/// after. A last line without its end is one that was being
/// written, and is left out. What is wrong with the file stands in <see cref="Problem"/>.
/// </summary>
internal sealed class LineReader : IDisposable
{
    private const int LongestLine = 1 << 20;

    private readonly string path;
    private readonly FileStream? stream;
    private byte[] buffer = new byte[RowFile.BufferLength];
    private int start;
    private int end;

    /// <param name="path">The file.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="more">The columns of runs that record more; null where all have the
    /// same.</param>
    public LineReader(string path, IReadOnlyList<string> columns, IReadOnlyList<string>? more = null)
    {
        this.path = path;
        Columns = columns;
        try
        {
            stream = RegularFile.Open(path, bufferSize: 0);
            SkipHeader(columns, more);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = $"{path}: cannot be read: {e.Message}";
        }
    }

    /// <summary>The columns that the file has.</summary>
    public IReadOnlyList<string> Columns { get; private set; }

    /// <summary>Number of the last line read; the header is 1.</summary>
    public long Line { get; private set; }

    /// <summary>Bytes of the header and of the lines read so far.</summary>
    public long Length { get; private set; }

    /// <summary>Why the reading ended before the file did; null where it did not.</summary>
    public string? Problem { get; set; }

    /// <summary>
    /// The next line without its end, valid until the next call; false at the end, and after a
    /// problem.
    /// </summary>
    public bool TryRead(out ReadOnlySpan<byte> row)
    {
        var searched = 0;
        row = default;
        while (Problem is null && stream is not null)
        {
            var length = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                row = buffer.AsSpan(start, searched + length);
                start += row.Length + 1;
                Length += row.Length + 1;
                Line++;
                return true;
            }

            searched = end - start;
            if (!Fill())
            {
                return false;
            }
        }

        return false;
    }

    public void Dispose() => stream?.Dispose();

    /// <summary>The beginning of a row, for messages.</summary>
    internal static string Shown(ReadOnlySpan<byte> row) => Encoding.UTF8.GetString(row[..Math.Min(row.Length, 80)]);

    private void SkipHeader(IReadOnlyList<string> expected, IReadOnlyList<string>? more)
    {
        if (!TryRead(out var header) || Is(header, expected))
        {
            return;
        }

        if (more is not null && Is(header, more))
        {
            Columns = more;
            return;
        }

        Problem = $"{path}:1: other columns than this version's: '{Shown(header)}'; expected '{string.Join(',', expected)}'.";

        static bool Is(ReadOnlySpan<byte> header, IReadOnlyList<string> columns) => header.SequenceEqual(Encoding.UTF8.GetBytes(string.Join(',', columns)));
    }

    private bool Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
        {
            if (end >= LongestLine)
            {
                Problem = $"{path}:{Line + 1}: a line of more than {LongestLine} bytes.";
                return false;
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

        try
        {
            var read = stream!.Read(buffer.AsSpan(end));
            end += read;
            return read > 0;
        }
        catch (IOException e)
        {
            Problem = $"{path}: cannot be read: {e.Message}";
            return false;
        }
    }
}

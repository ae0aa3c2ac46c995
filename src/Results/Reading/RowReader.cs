using System.Text;

namespace Orchestrator.Results;

/// <summary>
/// Reads one of a run folder's CSV files row by row, while it is being written or long after. A last line without its end is one that was
/// being written, and is left out; anything else that is no row ends the reading and stands in <see cref="Problem"/>.
/// </summary>
/// <typeparam name="TRecord">The record that a row holds.</typeparam>
public sealed class RowReader<TRecord> : IDisposable
{
    private const int LongestLine = 1 << 20;

    private readonly string path;
    private readonly Parse parse;
    private readonly FileStream? stream;
    private byte[] buffer = new byte[RowFile.BufferLength];
    private int start;
    private int end;
    private long line;

    private RowReader(string path, IReadOnlyList<string> columns, Parse parse)
    {
        (this.path, this.parse) = (path, parse);
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            SkipHeader(string.Join(',', columns));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = $"{path}: cannot be read: {e.Message}";
        }
    }

    internal delegate bool Parse(ReadOnlySpan<byte> row, out TRecord record);

    /// <summary>Bytes of the header and of the rows read so far: where a file cut after the last one read would end.</summary>
    public long Length { get; private set; }

    /// <summary>Why not all rows could be read, naming file and line; null where they could.</summary>
    public string? Problem { get; private set; }

    /// <summary>The next row; false at the end, and after a problem.</summary>
    public bool TryRead(out TRecord record)
    {
        record = default!;
        if (Problem is not null || !TryReadLine(out ReadOnlySpan<byte> row))
        {
            return false;
        }

        if (!parse(row, out record))
        {
            Problem = $"{path}:{line}: no row of this file: '{Shown(row)}'.";
            return false;
        }

        Length += row.Length + 1;
        return true;
    }

    /// <summary>All rows that are left.</summary>
    public IEnumerable<TRecord> ReadAll()
    {
        while (TryRead(out TRecord record))
        {
            yield return record;
        }
    }

    public void Dispose() => stream?.Dispose();

    internal static RowReader<TRecord> Open<TFormat>(string folder)
        where TFormat : IRowFormat<TRecord> => new(Path.Combine(folder, TFormat.FileName), TFormat.Columns, TFormat.TryParse);

    private static string Shown(ReadOnlySpan<byte> row) => Encoding.UTF8.GetString(row[..Math.Min(row.Length, 80)]);

    private void SkipHeader(string expected)
    {
        if (!TryReadLine(out ReadOnlySpan<byte> header))
        {
            return;
        }

        if (!header.SequenceEqual(Encoding.UTF8.GetBytes(expected)))
        {
            Problem = $"{path}:1: other columns than this version's: '{Shown(header)}'; expected '{expected}'.";
            return;
        }

        Length = header.Length + 1;
    }

    private bool TryReadLine(out ReadOnlySpan<byte> row)
    {
        int searched = 0;
        while (true)
        {
            int length = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                row = buffer.AsSpan(start, searched + length);
                start += row.Length + 1;
                line++;
                return true;
            }

            searched = end - start;
            if (!Fill())
            {
                row = default;
                return false;
            }
        }
    }

    private bool Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
        {
            if (end >= LongestLine)
            {
                Problem = $"{path}:{line + 1}: a line of more than {LongestLine} bytes.";
                return false;
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

        try
        {
            int read = stream!.Read(buffer.AsSpan(end));
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

using System.Buffers.Text;
using System.Text;

namespace Orchestrator.RunFolders;

/// <summary>
/// Compares rows with those of a recorded file, one by one, as text: the shortest form that reads
/// back as the same bits is one per value, so equal text is equal bits. Columns of real time at the
/// end of a row are left out.
/// </summary>
/// <param name="folder">The run's folder.</param>
/// <param name="file">The file in it.</param>
/// <param name="columns">Its columns.</param>
/// <param name="unverified">How many of them, the last ones, are left out.</param>
/// <param name="more">The columns of runs that record more; null where all have the same.</param>
internal sealed class RowComparison(string folder, string file, IReadOnlyList<string> columns, int unverified, IReadOnlyList<string>? more = null) : IDisposable
{
    private readonly LineReader lines = new(Path.Combine(folder, file), columns, more);
    private byte[] next = new byte[RowWriter.MaximumLength];
    private int length = -1;
    private long line;

    /// <summary>Rows that were equal.</summary>
    public long Rows { get; private set; }

    /// <summary>Why not all rows can be read; null where they can.</summary>
    public string? Problem => lines.Problem;

    /// <summary>Whether the record has another row.</summary>
    public bool HasNext => length >= 0 || Read();

    /// <summary>Compares with the record's next row.</summary>
    /// <param name="row">The row without its end.</param>
    /// <param name="number">Event number, for the answer.</param>
    public Difference? Compare(ReadOnlySpan<byte> row, long number)
    {
        if (!HasNext)
        {
            return new Difference(file, lines.Line + 1, number, "", "", Encoding.UTF8.GetString(row));
        }

        ReadOnlySpan<byte> recorded = next.AsSpan(0, length);
        length = -1;
        if (Verified(recorded).SequenceEqual(Verified(row)) && recorded.Count((byte)',') == lines.Columns.Count - 1)
        {
            Rows++;
            return null;
        }

        return FirstDifference(Encoding.UTF8.GetString(recorded).Split(','), Encoding.UTF8.GetString(row).Split(','), number);
    }

    /// <summary>
    /// Event number of the next row, of which <see cref="HasNext"/> has told; null where it is none.
    /// </summary>
    public long? NextEvent => Utf8Parser.TryParse(next.AsSpan(0, Math.Max(0, length)), out long number, out _) ? number : null;

    /// <summary>The next row, which the replay does not give.</summary>
    public Difference Missing() => new(file, line, NextEvent, "", LineReader.Shown(next.AsSpan(0, Math.Max(0, length))), "");

    /// <summary>Whether all rows that are left are such.</summary>
    public bool AreAllLeft(Func<byte[], bool> such)
    {
        while (HasNext)
        {
            if (!such(next[..length]))
            {
                return false;
            }

            length = -1;
        }

        return true;
    }

    public void Dispose() => lines.Dispose();

    private ReadOnlySpan<byte> Verified(ReadOnlySpan<byte> row)
    {
        for (var i = 0; i < unverified && row.LastIndexOf((byte)',') is >= 0 and var comma; i++)
        {
            row = row[..comma];
        }

        return row;
    }

    private Difference FirstDifference(string[] recorded, string[] replayed, long number)
    {
        for (var i = 0; i < lines.Columns.Count - unverified && recorded.Length == lines.Columns.Count && replayed.Length == recorded.Length; i++)
        {
            if (recorded[i] != replayed[i])
            {
                return new Difference(file, line, number, lines.Columns[i], recorded[i], replayed[i]);
            }
        }

        return new Difference(file, line, number, "", string.Join(',', recorded), string.Join(',', replayed));
    }

    private bool Read()
    {
        if (!lines.TryRead(out var row))
        {
            return false;
        }

        if (row.Length > next.Length)
        {
            next = new byte[row.Length * 2];
        }

        row.CopyTo(next);
        (length, line) = (row.Length, lines.Line);
        return true;
    }
}

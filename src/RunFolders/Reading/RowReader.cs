using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// Reads one of a run folder's CSV files row by row, while it is being written or long after. A
/// last line without its end is one that was being written, and is left out; anything else that is
/// no row ends the reading and stands in <see cref="Problem"/>.
/// </summary>
/// <typeparam name="TRecord">The record that a row holds.</typeparam>
public sealed class RowReader<TRecord> : IRecordReader<TRecord>
{
    private readonly string path;
    private readonly string file;
    private readonly Parse parse;
    private readonly LineReader lines;

    private RowReader(LineReader lines, string path, Parse parse)
    {
        (this.lines, this.path, this.parse, file) = (lines, path, parse, Path.GetFileName(path));
        Place = new RecordPlace(file, 0);
        Length = lines.Problem is null ? lines.Length : 0;
    }

    internal delegate bool Parse(ReadOnlySpan<byte> row, out TRecord record);

    /// <summary>
    /// Bytes of the header and of the rows read so far: where a file cut after the last one read
    /// would end.
    /// </summary>
    public long Length { get; private set; }

    /// <summary>The columns that the file has; runs that record more have more.</summary>
    public IReadOnlyList<string> Columns => lines.Columns;

    /// <inheritdoc/>
    public RecordPlace Place { get; private set; }

    /// <summary>
    /// Why not all rows could be read, naming file and line; null where they could.
    /// </summary>
    public string? Problem => lines.Problem;

    /// <summary>The next row; false at the end, and after a problem.</summary>
    public bool TryRead(out TRecord record)
    {
        record = default!;
        if (!lines.TryRead(out var row))
        {
            return false;
        }

        if (!parse(row, out record))
        {
            lines.Problem = $"{path}:{lines.Line}: no row of this file: '{LineReader.Shown(row)}'.";
            return false;
        }

        (Length, Place) = (lines.Length, new RecordPlace(file, lines.Line));
        return true;
    }

    /// <summary>All rows that are left.</summary>
    public IEnumerable<TRecord> ReadAll()
    {
        while (TryRead(out var record))
        {
            yield return record;
        }
    }

    public void Dispose() => lines.Dispose();

    internal static RowReader<TRecord> Open<TFormat>(string folder)
        where TFormat : IRowFormat<TRecord>
    {
        var path = Path.Combine(folder, TFormat.FileName);
        return new RowReader<TRecord>(new LineReader(path, TFormat.Columns, TFormat.MoreColumns), path, TFormat.TryParse);
    }
}

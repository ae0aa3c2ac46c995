namespace Orchestrator.RunFolders;

/// <summary>
/// Follows one of a run folder's CSV files while it grows: <see cref="TryRead"/> returns false
/// where the file ends for now, and goes on when there is more. A file that is not there yet, or
/// has not got its header yet, has no rows.
/// </summary>
/// <typeparam name="TRecord">The record that a row holds.</typeparam>
/// <param name="file">Full path.</param>
/// <param name="open">Opens it.</param>
public sealed class RowTail<TRecord>(string file, Func<RowReader<TRecord>> open) : IDisposable
{
    private RowReader<TRecord>? reader;

    /// <summary>Why no more rows can be read, naming file and line; null where they can.</summary>
    public string? Problem => reader?.Problem;

    /// <summary>Rows that were read, as bytes of the file.</summary>
    public long Length => reader?.Length ?? 0;

    /// <summary>
    /// Whether the file is shorter than what was read of it: who resumes a run cuts its files.
    /// </summary>
    public bool HasShrunk => reader is not null && FileLength < reader.Length;

    /// <summary>Bytes of the file now; 0 where there is none.</summary>
    public long FileLength => new FileInfo(file) is { Exists: true } there ? there.Length : 0;

    /// <summary>The next row that is whole.</summary>
    public bool TryRead(out TRecord record)
    {
        record = default!;
        reader ??= Open();
        return reader is not null && reader.TryRead(out record);
    }

    /// <inheritdoc/>
    public void Dispose() => reader?.Dispose();

    private RowReader<TRecord>? Open()
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var opened = open();
        if (opened.Length > 0 || opened.Problem is not null)
        {
            return opened;
        }

        opened.Dispose();
        return null;
    }
}

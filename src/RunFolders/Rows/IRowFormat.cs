namespace Orchestrator.RunFolders;

/// <summary>
/// One of a run folder's CSV files: its name, its columns, and how a record becomes a row and a row
/// a record.
/// </summary>
/// <typeparam name="TRecord">The record that a row holds.</typeparam>
internal interface IRowFormat<TRecord>
{
    static abstract string FileName { get; }

    /// <summary>Names as in the header line; those of times end in their unit.</summary>
    static abstract IReadOnlyList<string> Columns { get; }

    /// <summary>
    /// The columns of runs that record more than most; null where all have the same.
    /// </summary>
    static virtual IReadOnlyList<string>? MoreColumns => null;

    /// <summary>Reads a row without its line end; false where it is none.</summary>
    static abstract bool TryParse(ReadOnlySpan<byte> row, out TRecord record);
}

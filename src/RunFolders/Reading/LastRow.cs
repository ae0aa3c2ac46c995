using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// The last whole row of a run folder's CSV file, from the file's end: as fast for a gigabyte as
/// for a kilobyte.
/// </summary>
internal static class LastRow
{
    // Several rows of any kind but events, whose messages may be longer.
    private const int Tail = 8 * 1024;

    public static TRecord? Read<TRecord, TFormat>(string folder)
        where TRecord : struct
        where TFormat : IRowFormat<TRecord>
    {
        try
        {
            using var stream = RegularFile.Open(Path.Combine(folder, TFormat.FileName), bufferSize: 0);
            var tail = new byte[(int)Math.Min(Tail, stream.Length)];
            stream.Seek(-tail.Length, SeekOrigin.End);
            var rows = tail.AsSpan(0, stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false));
            var end = rows.LastIndexOf((byte)'\n');
            var begin = end < 0 ? -1 : rows[..end].LastIndexOf((byte)'\n');
            return begin >= 0 && TFormat.TryParse(rows[(begin + 1)..end], out var record) ? record : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

using System.Buffers.Binary;
using Parquet.Meta;

namespace Orchestrator.Datasets;

/// <summary>
/// Looks through a Parquet file before the library reads it: its footer and its page headers are
/// whole, and what they claim is no more than the file can hold.
/// </summary>
internal static class ParquetCheck
{
    private const int Mark = 4;
    private const long LongestFooter = 1 << 26;
    private const int LongestPageHeader = 1 << 20;

    // A value takes a bit of a page that is not the same all over, and pages unfold about a hundred
    // times.
    private const long MostRowsPerByte = 1024;

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>The footer.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message is a clause.</exception>
    public static void Footer(FileStream file)
    {
        Span<byte> end = stackalloc byte[2 * Mark];
        if (file.Length < 3 * Mark || RandomAccess.Read(file.SafeFileHandle, end, file.Length - end.Length) < end.Length || !end[Mark..].SequenceEqual(Magic))
        {
            throw new InvalidDataException("it does not end as a Parquet file, with PAR1");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (length > Math.Min(LongestFooter, file.Length - (3 * Mark)))
        {
            throw new InvalidDataException($"its footer claims {DataFile.Number(length)} bytes of a file of {DataFile.Number(file.Length)}; at most {DataFile.Number(LongestFooter)} are read");
        }

        var numbers = new Dictionary<int, long>();
        new ThriftCheck(Bytes(file, file.Length - end.Length - length, (int)length)).Walk("File", numbers);
        if (numbers.GetValueOrDefault(3) > MostRowsPerByte * file.Length)
        {
            throw new InvalidDataException($"it claims {DataFile.Number(numbers[3])} rows, more than {DataFile.Number(file.Length)} bytes can hold");
        }
    }

    /// <summary>The pages of a column in a group of rows.</summary>
    /// <exception cref="InvalidDataException">They are damaged; the message is a
    /// clause.</exception>
    public static void Pages(FileStream file, ColumnChunk chunk, long rows)
    {
        var column = chunk.MetaData ?? throw new InvalidDataException("a group of rows has no metadata of the column");
        var at = column.DictionaryPageOffset is > 0 and var dictionary && dictionary < column.DataPageOffset ? dictionary : column.DataPageOffset;
        var (size, unfolded) = (column.TotalCompressedSize, column.TotalUncompressedSize);
        if (at < Mark || size < 0 || at > file.Length - size || unfolded is < 0 or > DataFile.MostContent || rows < 0 || rows > MostRowsPerByte * file.Length || column.NumValues != rows)
        {
            throw new InvalidDataException(
                $"a group of {DataFile.Number(rows)} rows claims {DataFile.Number(column.NumValues)} values at {DataFile.Number(at)} in {DataFile.Number(size)} bytes that unfold to {DataFile.Number(unfolded)}; "
                + $"the file has {DataFile.Number(file.Length)} bytes, and at most {DataFile.Number(DataFile.MostContent)} are read");
        }

        var (end, values) = (at + size, 0L);
        while (at < end && values < rows)
        {
            var numbers = new Dictionary<int, long>();
            var header = new ThriftCheck(Bytes(file, at, (int)Math.Min(LongestPageHeader, end - at)));
            header.Walk("Page", numbers);
            var (content, packed) = (numbers.GetValueOrDefault(2, -1), numbers.GetValueOrDefault(3, -1));
            var own = numbers.GetValueOrDefault(501) + numbers.GetValueOrDefault(801);
            var (entries, levels) = (numbers.GetValueOrDefault(701), Math.Max((ulong)numbers.GetValueOrDefault(805), (ulong)numbers.GetValueOrDefault(806)));
            if (packed < 0 || packed > end - at - header.Length || content < 0 || content > unfolded || own < 0 || own > rows - values
                || entries < 0 || entries > Math.Min(rows, content) || levels > (ulong)packed)
            {
                throw new InvalidDataException($"a page at {DataFile.Number(at)} claims {DataFile.Number(packed)} bytes that unfold to {DataFile.Number(content)} and {DataFile.Number(own)} values, which do not fit its column");
            }

            values += own;
            at += header.Length + packed;
        }

        if (values < rows)
        {
            throw new InvalidDataException($"its pages hold {DataFile.Number(values)} values of {DataFile.Number(rows)}");
        }
    }

    private static byte[] Bytes(FileStream file, long at, int count)
    {
        var bytes = new byte[count];
        return bytes[..Math.Max(0, RandomAccess.Read(file.SafeFileHandle, bytes, at))];
    }
}

using System.Text;
using System.Text.Unicode;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Separated values, record by record (RFC 4180): lines end in LF, CR LF or CR; a field in quotes
/// may hold separators, line ends and doubled quotes. Blank lines are passed over.
/// </summary>
internal sealed class CsvReader : IDisposable
{
    private const int MostFields = 65_536;
    private const int LongestRecord = 1 << 24;
    private const byte Quote = (byte)'"';

    private readonly DataFile file;
    private readonly byte separator;
    private readonly byte[] buffer = new byte[1 << 16];
    private readonly List<int> ends = [];
    private byte[] record = new byte[256];
    private int length;
    private int filled;
    private int at;
    private int next = 1;

    public CsvReader(string path, char separator)
    {
        this.separator = (byte)separator;
        file = DataFile.Open(path);
        Fill();
        if (buffer.AsSpan(0, filled).StartsWith("\uFEFF"u8))
        {
            at = 3;
        }
    }

    /// <summary>The line that the record begins on, counted from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Fields of the record.</summary>
    public int Count => ends.Count;

    /// <summary>A field of the record, without its quotes.</summary>
    public ReadOnlySpan<byte> this[int field] => record.AsSpan((field == 0 ? 0 : ends[field - 1])..ends[field]);

    public string Text(int field) => Encoding.UTF8.GetString(this[field]);

    /// <summary>A field that names a column.</summary>
    public string Header(int field) => Utf8.IsValid(this[field])
        ? Text(field)
        : throw Wrong($"the name of column {field + 1} is no UTF-8 text ('{Guard.Plain(Text(field))}'); save the file as UTF-8");

    /// <summary>Goes on to the next record; false at the end.</summary>
    public bool Next()
    {
        do
        {
            if (Peek() < 0)
            {
                return false;
            }

            Line = next;
            ReadRecord();
        }
        while (Count == 1 && length == 0);
        return true;
    }

    public DataException Wrong(string what) => file.Wrong($"line {Line}: {what}");

    public DataException WrongFile(string what) => file.Wrong(what);

    public void Dispose() => file.Dispose();

    private void ReadRecord()
    {
        ends.Clear();
        length = 0;
        while (ReadField())
        {
        }
    }

    // False after the record's last field.
    private bool ReadField()
    {
        if (Peek() == Quote)
        {
            at++;
            ReadQuoted();
        }

        for (; ; )
        {
            var letter = Take();
            if (letter == separator)
            {
                EndField();
                return true;
            }

            if (letter is < 0 or '\n' or '\r')
            {
                if (letter == '\r' && Peek() == '\n')
                {
                    at++;
                }

                next++;
                EndField();
                return false;
            }

            Put((byte)letter);
        }
    }

    private void ReadQuoted()
    {
        for (; ; )
        {
            var letter = Take();
            if (letter < 0)
            {
                throw Wrong("a quote is opened and never closed");
            }

            if (letter == Quote)
            {
                if (Peek() != Quote)
                {
                    if (Peek() is var after && after >= 0 && after != separator && after is not ('\n' or '\r'))
                    {
                        throw Wrong($"field {Count + 1} goes on after its closing quote; a quote inside a quoted field is doubled");
                    }

                    return;
                }

                at++;
            }

            next += letter == '\n' ? 1 : 0;
            Put((byte)letter);
        }
    }

    private void EndField()
    {
        if (ends.Count == MostFields)
        {
            throw Wrong($"it has more than {DataFile.Number(MostFields)} fields");
        }

        ends.Add(length);
    }

    private void Put(byte letter)
    {
        if (length == record.Length)
        {
            if (length >= LongestRecord)
            {
                throw Wrong($"it has more than {DataFile.Number(LongestRecord)} bytes");
            }

            Array.Resize(ref record, 2 * length);
        }

        record[length++] = letter;
    }

    private int Peek()
    {
        if (at == filled)
        {
            Fill();
        }

        return filled == 0 ? -1 : buffer[at];
    }

    private int Take()
    {
        var letter = Peek();
        at += letter < 0 ? 0 : 1;
        return letter;
    }

    private void Fill() => (filled, at) = (file.ReadUpTo(buffer), 0);
}

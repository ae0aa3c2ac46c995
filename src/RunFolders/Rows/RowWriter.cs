using System.Buffers.Text;
using System.Globalization;

namespace Orchestrator.RunFolders;

/// <summary>
/// Writes one CSV row of numbers as UTF-8, invariant culture, each in its shortest form that reads
/// back as the same bits.
/// </summary>
internal ref struct RowWriter(Span<byte> buffer)
{
    /// <summary>No row of numbers is longer: at most 20 columns of at most 26 bytes.</summary>
    public const int MaximumLength = 640;

    private readonly Span<byte> buffer = buffer;
    private int length;

    public void Add(long value)
    {
        Utf8Formatter.TryFormat(value, buffer[length..], out var written);
        Separate(written);
    }

    public void Add(double value)
    {
        value.TryFormat(buffer[length..], out var written, default, CultureInfo.InvariantCulture);
        Separate(written);
    }

    public void Add(ReadOnlySpan<byte> word)
    {
        word.CopyTo(buffer[length..]);
        Separate(word.Length);
    }

    /// <summary>
    /// Turns the last separator into the end of the line; returns the row's length in bytes.
    /// </summary>
    public readonly int End()
    {
        buffer[length - 1] = (byte)'\n';
        return length;
    }

    private void Separate(int written)
    {
        length += written;
        buffer[length++] = (byte)',';
    }
}

using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Orchestrator.RunFolders;

/// <summary>
/// Takes a CSV row of numbers apart. A field that is missing or is not a number clears
/// <see cref="IsValid"/>.
/// </summary>
internal ref struct RowParser(ReadOnlySpan<byte> row)
{
    private ReadOnlySpan<byte> rest = row;
    private bool exhausted;

    public bool IsValid { get; private set; } = true;

    /// <summary>Whether every field was read and understood.</summary>
    public readonly bool IsComplete => IsValid && exhausted;

    public ReadOnlySpan<byte> Word()
    {
        IsValid &= !exhausted;
        var comma = rest.IndexOf((byte)',');
        var field = comma < 0 ? rest : rest[..comma];
        exhausted = comma < 0;
        rest = exhausted ? default : rest[(comma + 1)..];
        return field;
    }

    public void Skip(int fields)
    {
        for (var i = 0; i < fields; i++)
        {
            Word();
        }
    }

    /// <summary>All that is left, commas included.</summary>
    public ReadOnlySpan<byte> Rest()
    {
        IsValid &= !exhausted;
        exhausted = true;
        return rest;
    }

    /// <summary>A list of counts that spaces separate.</summary>
    public static bool TryCounts(ReadOnlySpan<byte> list, out long[] counts)
    {
        var words = Encoding.UTF8.GetString(list).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        counts = new long[words.Length];
        var areNumbers = true;
        for (var i = 0; i < words.Length; i++)
        {
            areNumbers &= long.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out counts[i]);
        }

        return areNumbers;
    }

    public long Long()
    {
        var field = Word();
        IsValid &= Utf8Parser.TryParse(field, out long value, out var used) && used == field.Length;
        return value;
    }

    public int Int()
    {
        var value = Long();
        IsValid &= value is >= int.MinValue and <= int.MaxValue;
        return unchecked((int)value);
    }

    public double Double()
    {
        IsValid &= double.TryParse(Word(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
        return value;
    }

    /// <summary>The position of the next field in a list of words.</summary>
    public int OneOf(ReadOnlySpan<byte[]> words)
    {
        var field = Word();
        for (var index = 0; index < words.Length; index++)
        {
            if (field.SequenceEqual(words[index]))
            {
                return index;
            }
        }

        IsValid = false;
        return 0;
    }
}

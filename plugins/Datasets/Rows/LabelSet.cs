using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Classes (or natural groups) by the text of their labels: those of a list, or those that are met, in the order of
/// their numbers where all are whole numbers, else by their characters.
/// </summary>
internal sealed class LabelSet
{
    /// <summary>More groups than this are taken for a mistake.</summary>
    public const int MostGroups = 1 << 20;

    private const int LongestLabel = 256;

    private readonly string noun;
    private readonly int most;
    private readonly bool isGiven;
    private readonly Dictionary<string, int> classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly Dictionary<string, byte[]> encoded = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? names;

    /// <param name="given">Null takes what is met.</param>
    public LabelSet(IReadOnlyList<string>? given) : this(given, "label", LabelNames.MostClasses)
    {
    }

    private LabelSet(IReadOnlyList<string>? given, string noun, int most)
    {
        (this.noun, this.most) = (noun, most);
        LabelNames.Check(given);
        (isGiven, names) = (given is not null, given);
        lookup = classes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < (given?.Count ?? 0); i++)
        {
            classes.Add(given![i], i);
        }
    }

    /// <summary>Natural groups in the place of classes; all that are met.</summary>
    public static LabelSet OfGroups() => new(null, "group", MostGroups);

    /// <summary>The classes in their order, once all labels have been met.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            if (names is null)
            {
                var all = classes.Keys.ToArray();
                names = Array.TrueForAll(all, name => TryNumber(name, out _))
                    ? [.. all.OrderBy(name => TryNumber(name, out var number) ? number : 0).ThenBy(name => name, StringComparer.Ordinal)]
                    : [.. all.Order(StringComparer.Ordinal)];
                for (var i = 0; i < names.Count; i++)
                {
                    classes[names[i]] = i;
                }
            }

            return names;
        }
    }

    /// <summary>
    /// The bytes of a label that was read as text, one array for all that are equal.
    /// </summary>
    public byte[] Bytes(string label)
    {
        if (!encoded.TryGetValue(label, out var bytes))
        {
            bytes = Encoding.UTF8.GetBytes(label);
            if (encoded.Count <= most)
            {
                encoded.Add(label, bytes);
            }
        }

        return bytes;
    }

    /// <summary>A label is met.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public string? Meet(ReadOnlySpan<byte> label)
    {
        if (!Utf8.IsValid(label))
        {
            return $"the {noun} is no UTF-8 text ('{Guard.Plain(Encoding.UTF8.GetString(label))}'); save the file as UTF-8";
        }

        Span<char> text = stackalloc char[LongestLabel];
        var trimmed = Trim(label, text, out var mistake);
        if (mistake is not null || lookup.ContainsKey(trimmed))
        {
            return mistake;
        }

        if (isGiven)
        {
            return $"'{Guard.Plain(trimmed.ToString())}' is none of classNames: {string.Join(", ", Names.Take(20))}{(Names.Count > 20 ? ", ..." : "")}";
        }

        classes.Add(trimmed.ToString(), 0);
        return classes.Count <= most ? null : $"it has more than {DataFile.Number(most)} different {noun}s; is this the column of the {noun}s?";
    }

    /// <summary>The class of a label that has been met.</summary>
    public int Of(ReadOnlySpan<byte> label)
    {
        Span<char> text = stackalloc char[LongestLabel];
        _ = Names;
        return lookup.TryGetValue(Trim(label, text, out _), out var index) ? index : throw new DataException($"a {noun} was not there when the file was looked through first; was it written to meanwhile?");
    }

    private ReadOnlySpan<char> Trim(ReadOnlySpan<byte> label, Span<char> text, out string? mistake)
    {
        if (!Encoding.UTF8.TryGetChars(label, text, out var length))
        {
            mistake = $"it is longer than {LongestLabel} characters; a {noun} is expected";
            return default;
        }

        var trimmed = text[..length].Trim();
        mistake = trimmed.IsEmpty ? $"it is empty; a {noun} is expected" : null;
        return trimmed;
    }

    private static bool TryNumber(string name, out long number) => long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}

using System.Text;

namespace Orchestrator.Composition;

/// <summary>Something in a pipeline that cannot be run.</summary>
/// <param name="Where">File, line and column, or <c>--set</c>.</param>
/// <param name="Path">The value's path, e.g. <c>workers.overrides[0].delay.ms</c>; empty for the
/// document.</param>
/// <param name="Message">What is wrong (value); what is allowed; nearest match.</param>
public sealed record Mistake(string Where, string Path, string Message)
{
    /// <summary>
    /// The plugin that is in none of the folders, <c>optimizer 'lion'</c>; null where something else
    /// is wrong.
    /// </summary>
    public string? MissingPlugin { get; init; }

    public override string ToString() => Path.Length == 0 ? $"{Where}: {Message}" : $"{Where}: {Path}: {Message}";
}

/// <summary>Collects mistakes; a document with very many is cut short.</summary>
internal sealed class Mistakes
{
    private const int Limit = 100;
    private const int LongestQuote = 60;

    private readonly List<Mistake> all = [];
    private int left;

    public bool Any => all.Count > 0;

    public int Count => all.Count + left;

    /// <summary>
    /// Adds a mistake whose message takes work, which is only done when the message is kept.
    /// </summary>
    public void Add(Origin origin, string path, Func<string> message)
    {
        if (all.Count < Limit)
        {
            Add(origin, path, message());
        }
        else
        {
            left++;
        }
    }

    public void Add(Origin origin, string path, string message, string? missingPlugin = null) =>
        Add(new Mistake(Plain(origin.ToString(), 1000), Plain(path, 300), Plain(message, 4000)) { MissingPlugin = missingPlugin });

    public void Add(IEnumerable<Mistake> mistakes)
    {
        foreach (var mistake in mistakes)
        {
            Add(mistake);
        }
    }

    private void Add(Mistake mistake)
    {
        if (all.Contains(mistake))
        {
            return;
        }

        if (all.Count < Limit)
        {
            all.Add(mistake);
        }
        else
        {
            left++;
        }
    }

    public IReadOnlyList<Mistake> ToList() =>
        left == 0 ? [.. all] : [.. all, new Mistake(all[^1].Where, "", $"and {left} more mistakes")];

    /// <summary>
    /// A value as a message quotes it: short, on one line, without control characters.
    /// </summary>
    public static string Quote(string value) => $"'{Plain(value, LongestQuote)}'";

    public static string Quote(Node node) => node switch
    {
        TextNode text => Quote(text.Value),
        NumberNode number => Plain(number.Text, LongestQuote),
        BooleanNode boolean => boolean.Value ? "true" : "false",
        NullNode => "null",
        _ => node.Noun,
    };

    private static string Plain(string text, int longest)
    {
        var plain = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (plain.Length >= longest)
            {
                return plain.Append("...").ToString();
            }

            if (Printable.IsHidden(rune))
            {
                plain.Append($"\\u{rune.Value:x4}");
            }
            else
            {
                plain.Append(rune);
            }
        }

        return plain.ToString();
    }
}

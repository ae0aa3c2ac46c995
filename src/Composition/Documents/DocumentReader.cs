using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Orchestrator.Composition;

/// <summary>
/// Reads JSON with comments and trailing commas into nodes that know their line and column.
/// </summary>
internal ref struct DocumentReader
{
    /// <summary>Deepest nesting of objects and lists.</summary>
    public const int LargestDepth = 64;

    private static readonly JsonReaderOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = LargestDepth,
    };

    private readonly ReadOnlySpan<byte> utf8;
    private readonly string source;
    private readonly bool hasLines;
    private readonly Mistakes mistakes;
    private Utf8JsonReader reader;
    private int line = 1;
    private int lineStart;
    private int scanned;

    private DocumentReader(ReadOnlySpan<byte> utf8, string source, bool hasLines, Mistakes mistakes)
    {
        this.utf8 = utf8;
        (this.source, this.hasLines, this.mistakes) = (source, hasLines, mistakes);
        reader = new Utf8JsonReader(utf8, Options);
    }

    /// <summary>The document; null when it is not JSON, which is then among the mistakes.</summary>
    /// <param name="utf8">Its bytes, with or without a byte order mark.</param>
    /// <param name="source">What origins name.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public static Node? ReadFile(ReadOnlySpan<byte> utf8, string source, Mistakes mistakes)
    {
        var text = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        var document = new DocumentReader(text, source, hasLines: true, mistakes);
        if (!Utf8.IsValid(text))
        {
            mistakes.Add(document.Position(FirstInvalid(text)), "", "not valid UTF-8; a pipeline is JSON in UTF-8");
            return null;
        }

        return document.Read();
    }

    /// <summary>A <c>--set</c> value: JSON if it is JSON, otherwise the text itself.</summary>
    public static Node ReadValue(string text, string source) => ReadValue(text, source, out var broken) ?? (broken is null ? new NullNode(new Origin(source)) : new TextNode(new Origin(source), text));

    /// <summary>
    /// A <c>--set</c> value: JSON if it is JSON, otherwise the text itself; null where it begins
    /// like an object, a list or a string in quotes and breaks off.
    /// </summary>
    /// <param name="text">The value.</param>
    /// <param name="source">What origins name.</param>
    /// <param name="broken">Where it breaks, and why.</param>
    public static Node? ReadValue(string text, string source, out string? broken)
    {
        var attempt = new Mistakes();
        var document = new DocumentReader(Encoding.UTF8.GetBytes(text), source, hasLines: false, attempt);
        if (document.Read() is { } node && !attempt.Any)
        {
            broken = null;
            return node;
        }

        broken = text.TrimStart() is ['{' or '[' or '"', ..] ? $"{Mistakes.Quote(text)} {attempt.ToList()[0].Message}" : null;
        return broken is null ? new TextNode(new Origin(source), text) : null;
    }

    private Node? Read()
    {
        try
        {
            reader.Read();
            var node = Value("");
            reader.Read();
            return node;
        }
        catch (JsonException broken)
        {
            mistakes.Add(BrokenAt(broken), "", hasLines ? "not JSON: " + Cause(broken) : $"is not JSON at {PlaceOf(broken)}: {Cause(broken)}");
        }
        catch (InvalidOperationException)
        {
            mistakes.Add(Position((int)reader.TokenStartIndex), "", "a string holds half of a surrogate pair (\\ud800 .. \\udfff); write the character itself");
        }

        return null;
    }

    private Node Value(string path)
    {
        var origin = Position((int)reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => Object(origin, path),
            JsonTokenType.StartArray => Array(origin, path),
            JsonTokenType.String => new TextNode(origin, reader.GetString()!),
            JsonTokenType.Number => new NumberNode(origin, Encoding.ASCII.GetString(reader.ValueSpan)),
            JsonTokenType.True => new BooleanNode(origin, true),
            JsonTokenType.False => new BooleanNode(origin, false),
            _ => new NullNode(origin),
        };
    }

    private ObjectNode Object(Origin origin, string path)
    {
        var node = new ObjectNode(origin);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var keyAt = Position((int)reader.TokenStartIndex);
            var name = reader.GetString()!;
            var member = PathText.Member(path, name);
            reader.Read();
            var value = Value(member);
            if (!node.Members.TryAdd(name, value))
            {
                mistakes.Add(keyAt, member, $"the key occurs twice; first with the value at {node[name]!.Origin}; keep one");
            }
        }

        return node;
    }

    private ArrayNode Array(Origin origin, string path)
    {
        var elements = new List<Node>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            elements.Add(Value(PathText.Element(path, elements.Count)));
        }

        return new ArrayNode(origin, elements);
    }

    private Origin Position(int index)
    {
        if (!hasLines)
        {
            return new Origin(source);
        }

        index = Math.Clamp(index, scanned, utf8.Length);
        for (int next; (next = utf8[scanned..index].IndexOf((byte)'\n')) >= 0;)
        {
            scanned += next + 1;
            (line, lineStart) = (line + 1, scanned);
        }

        scanned = index;
        // A line of many megabytes is not written by hand: counting its characters for every value
        // would take for ever.
        var columns = index - lineStart;
        return new Origin(source, line, 1 + (columns > 4096 ? columns : Encoding.UTF8.GetCharCount(utf8[lineStart..index])));
    }

    private readonly Origin BrokenAt(JsonException broken) =>
        hasLines ? new Origin(source, (int)(broken.LineNumber ?? 0) + 1, (int)(broken.BytePositionInLine ?? 0) + 1) : new Origin(source);

    // A value of the command line has no lines to count: where it breaks is shown.
    private readonly string PlaceOf(JsonException broken)
    {
        var (line, at) = (0L, 0);
        for (; line < (broken.LineNumber ?? 0) && utf8[at..].IndexOf((byte)'\n') is >= 0 and var end; line++)
        {
            at += end + 1;
        }

        at = (int)Math.Min(utf8.Length, at + (broken.BytePositionInLine ?? 0));
        var before = Encoding.UTF8.GetString(utf8[..at]);
        return at == utf8.Length ? "its end" : $"character {before.EnumerateRunes().Count() + 1}, behind {Mistakes.Quote(before.Length > 20 ? "..." + before[^20..] : before)}";
    }

    private static string Cause(JsonException broken)
    {
        var message = broken.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).Replace(" Change the reader options.", "", StringComparison.Ordinal).TrimEnd('.');
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        var index = 0;
        while (index < text.Length && Rune.DecodeFromUtf8(text[index..], out _, out var consumed) == OperationStatus.Done)
        {
            index += consumed;
        }

        return index;
    }
}

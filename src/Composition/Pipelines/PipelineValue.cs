namespace Orchestrator.Composition;

/// <summary>
/// A JSON value of a pipeline that is bound only where it comes to stand, such as a value of an
/// axis.
/// </summary>
public sealed class PipelineValue
{
    internal PipelineValue(Node node) => Node = node;

    /// <summary>Where it was written.</summary>
    public Origin Origin => Node.Origin;

    /// <summary>One line of JSON, numbers in their shortest form.</summary>
    public string Json => field ??= JsonText.Compact(Shortest(Node));

    /// <summary>As a person would write it: a string without quotes, JSON otherwise.</summary>
    public string Text => Node is TextNode text ? text.Value : Json;

    /// <summary>The elements of a list; null for any other value.</summary>
    public IReadOnlyList<PipelineValue>? Elements => Node is ArrayNode array ? [.. array.Elements.Select(element => new PipelineValue(element))] : null;

    /// <summary>The members of an object, in order; null for any other value.</summary>
    public IReadOnlyList<KeyValuePair<string, PipelineValue>>? Members =>
        Node is ObjectNode node ? [.. node.Members.Select(member => KeyValuePair.Create(member.Key, new PipelineValue(member.Value)))] : null;

    internal Node Node { get; }

    /// <summary>What a command line gives: JSON if it is JSON, otherwise the text itself.</summary>
    public static PipelineValue Parse(string text, string source) => new(DocumentReader.ReadValue(text, source));

    public override string ToString() => Text;

    private static Node Shortest(Node node) => node switch
    {
        // What is no finite number is told as it was written, by whoever reads it.
        NumberNode number when !double.IsFinite(number.Value) => number,
        NumberNode number => number.TryGetInteger(out var whole) ? new NumberNode(number.Origin, whole) : new NumberNode(number.Origin, number.Value),
        ArrayNode list => new ArrayNode(list.Origin, [.. list.Elements.Select(Shortest)]),
        ObjectNode value => ShortestMembers(value),
        _ => node,
    };

    private static ObjectNode ShortestMembers(ObjectNode node)
    {
        var copy = new ObjectNode(node.Origin);
        foreach (var (name, value) in node.Members)
        {
            copy[name] = Shortest(value);
        }

        return copy;
    }
}

using System.Globalization;

namespace Orchestrator.Composition;

/// <summary>A JSON value that knows where it came from.</summary>
internal abstract class Node(Origin origin)
{
    public Origin Origin { get; } = origin;

    /// <summary>What it is, for messages: <c>a string</c>.</summary>
    public abstract string Noun { get; }

    /// <summary>
    /// A copy that can be changed; values that cannot change are their own copies.
    /// </summary>
    public virtual Node Clone() => this;
}

internal sealed class ObjectNode(Origin origin) : Node(origin)
{
    public OrderedDictionary<string, Node> Members { get; } = new(StringComparer.Ordinal);

    public override string Noun => "an object";

    public override ObjectNode Clone()
    {
        var copy = new ObjectNode(Origin);
        foreach (var (name, value) in Members)
        {
            copy[name] = value.Clone();
        }

        return copy;
    }

    public Node? this[string name]
    {
        get => Members.GetValueOrDefault(name);
        set => Members[name] = value!;
    }
}

internal sealed class ArrayNode(Origin origin, List<Node> elements) : Node(origin)
{
    public List<Node> Elements { get; } = elements;

    public override string Noun => "a list";

    public override ArrayNode Clone() => new(Origin, [.. Elements.Select(element => element.Clone())]);
}

internal sealed class TextNode(Origin origin, string value) : Node(origin)
{
    public string Value { get; } = value;

    public override string Noun => "a string";
}

/// <summary>A number as it was written.</summary>
internal sealed class NumberNode(Origin origin, string text) : Node(origin)
{
    public NumberNode(Origin origin, double value) : this(origin, value.ToString("R", CultureInfo.InvariantCulture)) { }

    public NumberNode(Origin origin, long value) : this(origin, value.ToString(CultureInfo.InvariantCulture)) { }

    public string Text { get; } = text;

    public override string Noun => "a number";

    /// <summary>Infinite where it is too large; negative zero is zero.</summary>
    public double Value => double.Parse(Text, CultureInfo.InvariantCulture) + 0.0;

    /// <summary>The value, where it is whole and fits 64 bits: 1e3 is, 1.5 is not.</summary>
    public bool TryGetInteger(out long value)
    {
        if (decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && decimal.IsInteger(exact) && exact is >= long.MinValue and <= long.MaxValue)
        {
            value = (long)exact;
            return true;
        }

        value = 0;
        return false;
    }
}

internal sealed class BooleanNode(Origin origin, bool value) : Node(origin)
{
    public bool Value { get; } = value;

    public override string Noun => "true or false";
}

internal sealed class NullNode(Origin origin) : Node(origin)
{
    public override string Noun => "null";
}

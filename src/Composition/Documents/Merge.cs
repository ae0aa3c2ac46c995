namespace Orchestrator.Composition;

/// <summary>Lays one document over another: objects merge, everything else replaces.</summary>
internal static class Merge
{
    public const string TypeKey = "type";

    /// <summary>Changes <paramref name="below"/> into the merged object.</summary>
    public static void Over(ObjectNode below, ObjectNode above, string path = "")
    {
        if (Type(above) is { } type && Type(below) is { } oldType && type != oldType)
        {
            DropOptions(below, path);
        }

        foreach (var (name, value) in above.Members)
        {
            below[name] = Value(below[name], value, PathText.Member(path, name));
        }
    }

    /// <summary>
    /// A section's short form, <c>"lenet5"</c>, as an object; other nodes are null.
    /// </summary>
    public static ObjectNode? AsSection(Node? node)
    {
        if (node is TextNode text)
        {
            return new ObjectNode(text.Origin) { [TypeKey] = text };
        }

        return node as ObjectNode;
    }

    /// <summary>
    /// Removes what belongs to the section's plugin and leaves what every plugin of the kind has.
    /// </summary>
    public static void DropOptions(ObjectNode section, string path)
    {
        var common = DocumentType.CommonKeys(path);
        foreach (var name in section.Members.Keys.Where(k => !common.Contains(k)).ToList())
        {
            section.Members.Remove(name);
        }
    }

    private static Node Value(Node? below, Node above, string path)
    {
        var isSection = above is ObjectNode || (above is TextNode && below is ObjectNode && DocumentType.IsSection(path));
        if (!isSection || AsSection(below) is not { } lower)
        {
            return above;
        }

        Over(lower, AsSection(above)!, path);
        return lower;
    }

    private static string? Type(ObjectNode node) => (node[TypeKey] as TextNode)?.Value;
}

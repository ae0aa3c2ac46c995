namespace Orchestrator.Composition;

/// <summary>
/// A document as others read it later, wherever it lay: with its name, and with paths that were
/// relative to its files made absolute.
/// </summary>
internal static class FrozenDocument
{
    private const string NameKey = "name";

    /// <summary>The document as JSON.</summary>
    /// <param name="document">Merged, without its key <c>sweep</c>.</param>
    /// <param name="sweep">That key's value; null without one.</param>
    /// <param name="source">The pipeline's file.</param>
    public static string Of(ObjectNode document, Node? sweep, string source)
    {
        var frozen = document.Clone();
        frozen[NameKey] = Preparation.Of(NameKey, document[NameKey], source, new Mistakes());
        frozen[DocumentType.ScheduleKey] = Absolute(document[DocumentType.ScheduleKey]);
        if (frozen[DocumentType.ScheduleKey] is null)
        {
            frozen.Members.Remove(DocumentType.ScheduleKey);
        }

        if (document[DocumentType.InitialKey] is { } initial)
        {
            frozen[DocumentType.InitialKey] = Preparation.Initial(initial, new Mistakes());
        }

        if (sweep is not null)
        {
            frozen[DocumentType.SweepKey] = WithinSweep(sweep);
            if (PathText.Find(frozen[DocumentType.SweepKey], ["published"]) is ObjectNode published && Absolute(published["file"]) is { } file)
            {
                published["file"] = file;
            }
        }

        return JsonText.Readable(frozen);
    }

    // Axes hold schedules as members of that name, or as elements of a list under it.
    private static Node WithinSweep(Node node)
    {
        if (node is not ObjectNode holder)
        {
            return node is ArrayNode list ? new ArrayNode(list.Origin, [.. list.Elements.Select(WithinSweep)]) : node;
        }

        var copy = new ObjectNode(holder.Origin);
        foreach (var (name, value) in holder.Members)
        {
            copy[name] = (name, value) switch
            {
                (DocumentType.InitialKey, ObjectNode) => Preparation.Initial(value, new Mistakes())!,
                (DocumentType.InitialKey, ArrayNode list) => new ArrayNode(list.Origin, [.. list.Elements.Select(element => Preparation.Initial(element, new Mistakes())!)]),
                (DocumentType.InitialKey + "." + DocumentType.FromKey, TextNode) => Absolute(value)!,
                (DocumentType.InitialKey + "." + DocumentType.FromKey, ArrayNode list) => new ArrayNode(list.Origin, [.. list.Elements.Select(element => Absolute(element)!)]),
                (DocumentType.ScheduleKey, TextNode) => Absolute(value)!,
                (DocumentType.ScheduleKey, ArrayNode list) => new ArrayNode(list.Origin, [.. list.Elements.Select(element => Absolute(element)!)]),
                _ => WithinSweep(value),
            };
        }

        return copy;
    }

    private static Node? Absolute(Node? path) => Preparation.Beside(path, "", new Mistakes());
}

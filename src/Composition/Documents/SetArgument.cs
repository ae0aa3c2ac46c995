namespace Orchestrator.Composition;

/// <summary>
/// One <c>--set path=value</c>: creates or replaces a value, or an element of a list (the one
/// behind the last appends).
/// </summary>
internal static class SetArgument
{
    private const string Source = "--set";

    public static void Apply(ObjectNode document, string argument, Mistakes mistakes)
    {
        var equals = PathText.IndexOfEquals(argument);
        var origin = new Origin(Source);
        if (equals <= 0)
        {
            mistakes.Add(origin, "", $"path=value is expected, not {Mistakes.Quote(argument)}; for example workers.count=4");
            return;
        }

        var path = argument[..equals].Trim();
        if (PathText.Split(path) is not { } steps || steps.Count > DocumentReader.LargestDepth)
        {
            mistakes.Add(origin, "", $"{Mistakes.Quote(path)} is not a path; for example workers.overrides[0].delay.ms=90");
            return;
        }

        if (steps[0] == DocumentType.ExtendsKey)
        {
            mistakes.Add(origin, path, "a file's base cannot be changed on the command line; name another file");
            return;
        }

        if (DocumentReader.ReadValue(argument[(equals + 1)..], Source, out var broken) is not { } value)
        {
            mistakes.Add(origin, path, broken!);
            return;
        }

        if (Place(document, steps, value) is { } cause)
        {
            mistakes.Add(origin, path, cause);
        }
    }

    /// <summary>Puts a value at a path; returns why it does not go there.</summary>
    public static string? Place(ObjectNode document, IReadOnlyList<string> steps, Node value)
    {
        Node node = document;
        var path = "";
        for (var i = 0; i < steps.Count; i++)
        {
            var isLast = i == steps.Count - 1;
            var child = isLast ? value : null;
            if (node is ArrayNode array && steps[i].All(char.IsAsciiDigit))
            {
                if (Element(array, steps[i], child, steps, i, out node!) is { } cause)
                {
                    return $"{path} {cause}";
                }

                path = $"{path}[{steps[i]}]";
            }
            else if (node is ObjectNode parent)
            {
                path = PathText.Member(path, steps[i]);
                node = Member(parent, steps, i, path, child);
            }
            else
            {
                return $"{path} is {node.Noun} ({Mistakes.Quote(node)}), which has no '{steps[i]}'";
            }
        }

        return null;
    }

    private static Node Member(ObjectNode parent, IReadOnlyList<string> steps, int step, string path, Node? value)
    {
        var name = steps[step];
        var old = parent[name];
        if (value is null)
        {
            return parent[name] = Container(old, steps, step, path);
        }

        if (value is TextNode word && DocumentType.IsSection(path) && old is ObjectNode section)
        {
            return Member(section, [.. steps, Merge.TypeKey], step + 1, PathText.Member(path, Merge.TypeKey), word);
        }

        if (name == Merge.TypeKey && value is TextNode type && old is TextNode oldType && type.Value != oldType.Value)
        {
            var cut = path.LastIndexOf('.');
            Merge.DropOptions(parent, cut < 0 ? "" : path[..cut]);
        }

        return parent[name] = value;
    }

    private static string? Element(ArrayNode array, string step, Node? value, IReadOnlyList<string> steps, int i, out Node? element)
    {
        element = null;
        if (!int.TryParse(step, out var index) || index > array.Elements.Count)
        {
            return $"has {array.Elements.Count} elements; [{step}] is none of them, and the next one is [{array.Elements.Count}]";
        }

        if (index == array.Elements.Count)
        {
            array.Elements.Add(new NullNode(new Origin(Source)));
        }

        element = value ?? Container(array.Elements[index], steps, i, "");
        array.Elements[index] = element;
        return null;
    }

    /// <summary>What the next step goes into: what is there, or a new object or list.</summary>
    private static Node Container(Node? old, IReadOnlyList<string> steps, int step, string path)
    {
        var origin = new Origin(Source);
        return old switch
        {
            null or NullNode => steps[step + 1].All(char.IsAsciiDigit) ? new ArrayNode(origin, []) : new ObjectNode(origin),
            TextNode when steps[step + 1] is var next && (DocumentType.IsSection(path) || path.Length == 0) && !next.All(char.IsAsciiDigit) => Merge.AsSection(old)!,
            _ => old,
        };
    }
}

namespace Orchestrator.Composition;

/// <summary>Paths of values: <c>workers.overrides[0].delay.ms</c>.</summary>
internal static class PathText
{
    public static string Member(string parent, string name) => parent.Length == 0 ? name : $"{parent}.{name}";

    public static string Element(string parent, int index) => $"{parent}[{index}]";

    /// <summary>
    /// A path below a section; plugins give theirs relative to their own options.
    /// </summary>
    public static string Below(string parent, string relative) =>
        relative.Length == 0 ? parent : relative[0] == '[' || parent.Length == 0 ? parent + relative : $"{parent}.{relative}";

    /// <summary>The value at a path, or the nearest one above it that exists.</summary>
    public static Node Nearest(Node root, string path)
    {
        var node = root;
        foreach (var step in Split(path) ?? [])
        {
            if (Child(node, step) is not { } next)
            {
                break;
            }

            node = next;
        }

        return node;
    }

    /// <summary>The value at the end of the steps; null where there is none.</summary>
    public static Node? Find(Node? node, IEnumerable<string> steps)
    {
        foreach (var step in steps)
        {
            node = Child(node, step);
        }

        return node;
    }

    /// <summary>The steps of a path, array indices as digits; null when it is not a path.</summary>
    public static IReadOnlyList<string>? Split(string path)
    {
        var steps = new List<string>();
        foreach (var part in path.Split('.'))
        {
            var bracket = part.IndexOf('[');
            var name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0)
            {
                return null;
            }

            steps.Add(name);
            for (var rest = bracket < 0 ? "" : part[bracket..]; rest.Length > 0;)
            {
                var end = rest.IndexOf(']');
                if (rest[0] != '[' || end < 2 || !rest[1..end].All(char.IsAsciiDigit))
                {
                    return null;
                }

                steps.Add(rest[1..end]);
                rest = rest[(end + 1)..];
            }
        }

        return steps;
    }

    private static Node? Child(Node? node, string step) => node switch
    {
        ObjectNode value => value[step],
        ArrayNode value when int.TryParse(step, out var index) && index < value.Elements.Count => value.Elements[index],
        _ => null,
    };
}

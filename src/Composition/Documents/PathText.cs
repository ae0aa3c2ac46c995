namespace Orchestrator.Composition;

/// <summary>Paths of values: <c>workers.overrides[0].delay.ms</c>.</summary>
internal static class PathText
{
    private const string Quote = "[\"";
    private const string EndQuote = "\"]";

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

    /// <summary>
    /// The steps of a path, array indices as digits, names in <c>["..."]</c> as they are; null when
    /// it is not a path.
    /// </summary>
    public static IReadOnlyList<string>? Split(string path)
    {
        var steps = new List<string>();
        for (var i = 0; ; i++)
        {
            var end = path.AsSpan(i).IndexOfAny('.', '[') is var found && found < 0 ? path.Length : i + found;
            if (end == i)
            {
                return null;
            }

            steps.Add(path[i..end]);
            for (i = end; i < path.Length && path[i] == '[';)
            {
                if (Bracketed(path, i) is not { } step)
                {
                    return null;
                }

                steps.Add(step.Text);
                i = step.End;
            }

            if (i == path.Length)
            {
                return steps;
            }

            if (path[i] != '.')
            {
                return null;
            }
        }
    }

    /// <summary>
    /// Where the value of <c>path=value</c> begins, at the first equals sign that no name holds;
    /// below 0 without one.
    /// </summary>
    public static int IndexOfEquals(string argument)
    {
        var equals = argument.IndexOf('=');
        for (var quoted = argument.IndexOf(Quote, StringComparison.Ordinal); quoted >= 0 && quoted < equals;)
        {
            var end = argument.IndexOf(EndQuote, quoted + Quote.Length, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            equals = argument.IndexOf('=', end);
            quoted = argument.IndexOf(Quote, end, StringComparison.Ordinal);
        }

        return equals;
    }

    private static (string Text, int End)? Bracketed(string path, int start)
    {
        if (path.AsSpan(start).StartsWith(Quote, StringComparison.Ordinal))
        {
            var (first, close) = (start + Quote.Length, path.IndexOf(EndQuote, start + Quote.Length, StringComparison.Ordinal));
            return close > first ? (path[first..close], close + EndQuote.Length) : null;
        }

        var end = path.IndexOf(']', start);
        return end > start + 1 && path.AsSpan(start + 1, end - start - 1).IndexOfAnyExceptInRange('0', '9') < 0 ? (path[(start + 1)..end], end + 1) : null;
    }

    private static Node? Child(Node? node, string step) => node switch
    {
        ObjectNode value => value[step],
        ArrayNode value when int.TryParse(step, out var index) && index < value.Elements.Count => value.Elements[index],
        _ => null,
    };
}

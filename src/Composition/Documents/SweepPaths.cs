namespace Orchestrator.Composition;

/// <summary>
/// The key <c>sweep</c> with the paths in it made absolute, so that it asks the same wherever it is
/// read again, and whether its values came from a file or from the command line.
/// </summary>
internal static class SweepPaths
{
    private const string ValuesKey = "values";
    private const string VariantsKey = "variants";

    /// <param name="sweep">The key's value. It is not changed; what is wrong with it is left for
    /// others to say.</param>
    public static Node Absolute(Node sweep)
    {
        if (sweep is not ObjectNode given)
        {
            return sweep;
        }

        var absolute = given.Clone();
        var axes = absolute["axes"] as ObjectNode;
        foreach (var name in axes?.Members.Keys.ToList() ?? [])
        {
            axes![name] = Axis(name, axes[name]!);
        }

        if (absolute[DocumentType.WhereKey] is ObjectNode where)
        {
            absolute[DocumentType.WhereKey] = Cells(where, axes);
        }

        if (absolute["exclude"] is ArrayNode exclude)
        {
            absolute["exclude"] = new ArrayNode(exclude.Origin, [.. exclude.Elements.Select(entry => entry is ObjectNode excluded ? Cells(excluded, axes) : entry)]);
        }

        if (absolute["compare"] is ObjectNode compare && compare["baseline"] is TextNode baseline && (NameOf(compare) ?? Only(axes)) is { } compared && IsOfPaths(compared, axes))
        {
            compare["baseline"] = At(compared, baseline);
        }

        if (absolute["published"] is ObjectNode published && published["file"] is { } file)
        {
            published["file"] = Preparation.Beside(file, "", new Mistakes())!;
        }

        return absolute;
    }

    private static Node Axis(string name, Node axis)
    {
        switch (axis)
        {
            case ArrayNode list:
                return Values(name, list);
            case ObjectNode form:
                if (form[ValuesKey] is ArrayNode values)
                {
                    form[ValuesKey] = Values(name, values);
                }

                if (form[VariantsKey] is ObjectNode variants)
                {
                    form[VariantsKey] = Members(variants, (_, variant) => variant is ObjectNode set ? Members(set, At) : variant);
                }

                return form;
            default:
                return axis;
        }
    }

    private static ArrayNode Values(string name, ArrayNode list) => new(list.Origin, [.. list.Elements.Select(value => Value(name, value))]);

    // A value of a zipped axis is a list with one value for each of its paths.
    private static Node Value(string name, Node value)
    {
        var paths = Paths(name);
        return paths.Length == 1 ? At(name, value)
            : value is ArrayNode each && each.Elements.Count == paths.Length ? new ArrayNode(each.Origin, [.. paths.Zip(each.Elements, At)])
            : value;
    }

    private static ObjectNode Cells(ObjectNode entry, ObjectNode? axes) => Members(entry, (name, value) =>
        !IsOfPaths(name, axes) ? value
        : value is ArrayNode list && (Paths(name).Length == 1 || list.Elements.All(element => element is ArrayNode)) ? Values(name, list)
        : Value(name, value));

    private static Node At(string path, Node value)
    {
        var holder = new ObjectNode(value.Origin);
        if (PathText.Split(path) is not { } steps || SetArgument.Place(holder, steps, value) is not null)
        {
            return value;
        }

        holder[steps[0]] = Preparation.Paths(steps[0], holder[steps[0]], new Mistakes())!;
        return PathText.Find(holder, steps) ?? value;
    }

    private static ObjectNode Members(ObjectNode node, Func<string, Node, Node> change)
    {
        var copy = new ObjectNode(node.Origin);
        foreach (var (name, value) in node.Members)
        {
            copy[name] = change(name, value);
        }

        return copy;
    }

    // The name of an axis with variants is no path, whatever it looks like.
    private static bool IsOfPaths(string name, ObjectNode? axes) => axes?[name] switch
    {
        null => false,
        ObjectNode form => form[VariantsKey] is null,
        _ => true,
    };

    private static string[] Paths(string name) => name.Split(',', StringSplitOptions.TrimEntries);

    private static string? NameOf(ObjectNode compare) => compare["axis"] is TextNode axis ? axis.Value : null;

    private static string? Only(ObjectNode? axes) => axes is { Members.Count: 1 } ? axes.Members.GetAt(0).Key : null;
}

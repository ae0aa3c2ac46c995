using System.Globalization;

namespace Orchestrator.Composition;

/// <summary>
/// The command line's axes, cells and seeds: <c>--axis optimizer.momentum=0,0.5,0.9</c>,
/// <c>--where workers.count=8</c> and <c>--seeds 1..5</c>.
/// </summary>
internal static class SweepArguments
{
    private const string AxisSource = "--axis";
    private const string WhereSource = "--where";
    private const string SeedsSource = "--seeds";
    private const long LargestRange = 1_000_000;

    /// <summary>
    /// The key <c>sweep</c> with what the command line says on top; null where neither says
    /// anything.
    /// </summary>
    /// <param name="written">The key's value; null where it is absent.</param>
    /// <param name="request">The command line.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public static Node? Over(Node? written, PipelineRequest request, Mistakes mistakes)
    {
        if (request.Axes.Count == 0 && request.Where.Count == 0 && request.Seeds is null)
        {
            return written is NullNode ? null : written;
        }

        if (written is not (null or NullNode or ObjectNode))
        {
            return written;
        }

        var sweep = written as ObjectNode ?? new ObjectNode(new Origin(request.Axes.Count > 0 ? AxisSource : request.Where.Count > 0 ? WhereSource : SeedsSource));
        Put(sweep, "axes", request.Axes, AxisSource, "path", mistakes);
        Put(sweep, DocumentType.WhereKey, request.Where, WhereSource, "axis", mistakes);

        if (request.Seeds is { } seeds && Seeds(seeds, mistakes) is { } given)
        {
            sweep["seeds"] = given;
        }

        return sweep;
    }

    // Each over what the file says of its name, and of a name no more than one.
    private static void Put(ObjectNode sweep, string key, IReadOnlyList<string> arguments, string source, string noun, Mistakes mistakes)
    {
        var (origin, names) = (new Origin(source), new HashSet<string>());
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=');
            if (equals <= 0 || equals == argument.Length - 1)
            {
                mistakes.Add(origin, "", $"{noun}=value,value,... is expected, not {Mistakes.Quote(argument)}; for example optimizer.momentum=0,0.5,0.9");
                continue;
            }

            var name = argument[..equals].Trim();
            if (!names.Add(name))
            {
                mistakes.Add(origin, "", $"'{name}' is given more than once; all its values are expected in one, {name}=value,value,...");
                continue;
            }

            var given = sweep[key] as ObjectNode ?? new ObjectNode(origin);
            given[name] = new ArrayNode(origin, [.. Split(argument[(equals + 1)..]).Select(value => DocumentReader.ReadValue(value, source))]);
            sweep[key] = given;
        }
    }

    private static Node? Seeds(string argument, Mistakes mistakes)
    {
        var origin = new Origin(SeedsSource);
        var dots = argument.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
        {
            var parts = Split(argument).Select(part => DocumentReader.ReadValue(part, SeedsSource)).ToList();
            return parts.Count == 1 ? parts[0] : new ArrayNode(origin, parts);
        }

        if (Number(argument[..dots]) is not { } first || Number(argument[(dots + 2)..]) is not { } last || last < first || last - first >= LargestRange)
        {
            mistakes.Add(origin, "", $"{Mistakes.Quote(argument)} is not a range of seeds; for example 1..5, and at most {LargestRange} of them");
            return null;
        }

        return new ArrayNode(origin, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (Node)new NumberNode(origin, first + i))]);

        static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // At commas outside of brackets, braces and quotes.
    private static IEnumerable<string> Split(string values)
    {
        var (start, depth, isQuoted) = (0, 0, false);
        for (var i = 0; i < values.Length; i++)
        {
            var letter = values[i];
            isQuoted ^= letter == '"' && (i == 0 || values[i - 1] != '\\');
            depth += isQuoted ? 0 : letter switch { '[' or '{' => 1, ']' or '}' => -1, _ => 0 };
            if (letter == ',' && depth == 0 && !isQuoted)
            {
                yield return values[start..i].Trim();
                start = i + 1;
            }
        }

        yield return values[start..].Trim();
    }
}

namespace Orchestrator.Statistics.Tables;

/// <summary>Paths of axes where there is little room.</summary>
internal static class AxisNames
{
    /// <summary>The last parts of each path, as many as tell it from the others.</summary>
    public static string[] Short(IReadOnlyList<string> axes) => [.. axes.Select((axis, i) => Shortest(axis, axes.Where((_, j) => j != i).ToList()))];

    private static string Shortest(string axis, List<string> others)
    {
        var parts = axis.Split('.');
        for (var taken = 1; taken < parts.Length; taken++)
        {
            var name = string.Join('.', parts[^taken..]);
            if (!others.Any(o => o == name || o.EndsWith("." + name, StringComparison.Ordinal)))
            {
                return name;
            }
        }

        return axis;
    }
}

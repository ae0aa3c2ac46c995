namespace Orchestrator.Live;

/// <summary>Which page an address means.</summary>
/// <param name="Kind">Of what.</param>
/// <param name="Name">The pipeline's folder; empty for all runs.</param>
/// <param name="Id">The run's or the sweep's folder within it; empty for all runs.</param>
internal sealed record PageAddress(PageKind Kind, string Name, string Id)
{
    private const string Events = "events";

    public static PageAddress AllRuns { get; } = new(PageKind.AllRuns, "", "");

    /// <summary>
    /// Reads the path of a request, decoded: <c>/</c>, <c>/runs/NAME/ID-ATTEMPT</c>,
    /// <c>/sweeps/NAME/sweep-ID</c>, each also with <c>/events</c> behind it. A name is that of one
    /// folder: none leads anywhere else.
    /// </summary>
    public static PageAddress? Parse(string path, out bool isEvents)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        isEvents = parts is [.., Events];
        parts = isEvents ? parts[..^1] : parts;
        return parts switch
        {
            [] => AllRuns,
            ["runs", var name, var id] when IsFolder(name) && IsFolder(id) => new(PageKind.Run, name, id),
            ["sweeps", var name, var id] when IsFolder(name) && IsFolder(id) => new(PageKind.Sweep, name, id),
            _ => null,
        };
    }

    // What separates or climbs on any system, hides, or is no text.
    private static bool IsFolder(string name) =>
        name.Length is > 0 and < 256 && name[0] != '.' && !name.Any(c => c is '/' or '\\' or ':' || char.IsControl(c));
}

/// <summary>What a page is of.</summary>
internal enum PageKind
{
    AllRuns,
    Run,
    Sweep,
}

namespace Orchestrator.Composition;

/// <summary>A value that is laid over a pipeline at a path.</summary>
public sealed class Override
{
    private Override(string path, IReadOnlyList<string> steps, PipelineValue value, bool merges) => (Path, Steps, Value, Merges) = (path, steps, value, merges);

    /// <summary>Where it goes: <c>optimizer.momentum</c>.</summary>
    public string Path { get; }

    /// <summary>What goes there.</summary>
    public PipelineValue Value { get; }

    /// <summary>
    /// Whether an object is laid over the one that is there, as a file is over its base, instead of
    /// replacing it.
    /// </summary>
    public bool Merges { get; }

    internal IReadOnlyList<string> Steps { get; }

    /// <summary>An override.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="value">What goes there.</param>
    /// <param name="merges">Whether an object is laid over the one that is there.</param>
    /// <param name="cause">Why there is none: what is wrong with the path.</param>
    public static Override? Of(string path, PipelineValue value, bool merges, out string? cause)
    {
        var steps = PathText.Split(path);
        cause = steps is null || steps.Count > DocumentReader.LargestDepth ? $"{Mistakes.Quote(path)} is not a path; for example workers.overrides[0].delay.ms"
            : DocumentType.OtherKeys.Contains(steps[0]) ? $"'{steps[0]}' is no value of the experiment"
            : null;
        return cause is null ? new Override(path, steps!, value, merges) : null;
    }

    /// <summary>The key's value with this laid over it.</summary>
    /// <param name="below">The value of the path's first step as it is; null where it is absent. It
    /// is not changed.</param>
    /// <param name="mistakes">Takes why it does not go there.</param>
    internal Node? Over(Node? below, Mistakes mistakes)
    {
        var holder = new ObjectNode(Value.Origin);
        if (below is not null)
        {
            holder[Steps[0]] = below.Clone();
        }

        var value = Value.Node.Clone();
        if (Merges && value is ObjectNode above && Below(holder) is { } lower)
        {
            Merge.Over(lower, above, Path);
            value = lower;
        }

        if (SetArgument.Place(holder, Steps, value) is { } cause)
        {
            mistakes.Add(Value.Origin, Path, cause);
        }

        return holder[Steps[0]];
    }

    private ObjectNode? Below(ObjectNode holder) => PathText.Find(holder, Steps) switch
    {
        ObjectNode there => there,
        TextNode shortForm when DocumentType.IsSection(Path) => Merge.AsSection(shortForm),
        _ => null,
    };
}

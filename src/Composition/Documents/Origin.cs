namespace Orchestrator.Composition;

/// <summary>Where a value comes from.</summary>
/// <param name="Source">The file as it was named, <c>--set</c>, or <c>default</c>.</param>
/// <param name="Line">From 1; 0 where there are no lines.</param>
/// <param name="Column">In characters, from 1; 0 where there are no lines.</param>
public sealed record Origin(string Source, int Line = 0, int Column = 0)
{
    public static Origin Default { get; } = new("default");

    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}

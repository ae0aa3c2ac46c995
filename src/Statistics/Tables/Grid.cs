namespace Orchestrator.Statistics.Tables;

/// <summary>
/// A table as people see it: texts in columns, with a caption. Renderers know nothing else.
/// </summary>
/// <param name="Columns">At least one.</param>
/// <param name="Rows">One text per column each.</param>
/// <param name="Caption">Says what the numbers are.</param>
public sealed record Grid(IReadOnlyList<GridColumn> Columns, IReadOnlyList<string[]> Rows, string Caption);

/// <summary>A column.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="IsNumber">Aligned to the right.</param>
/// <param name="ShortHeading">What the heading becomes where there is no room; null keeps
/// it.</param>
public sealed record GridColumn(string Heading, bool IsNumber = false, string? ShortHeading = null);

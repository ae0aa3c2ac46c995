namespace Orchestrator.Statistics.Tables;

/// <summary>One cell of a sweep in its table.</summary>
/// <param name="Values">Its value on each axis, in the order of the table's axes.</param>
/// <param name="Summary">What its runs came to.</param>
/// <param name="Missing">Runs that were asked for and are not there: failed, or not yet
/// run.</param>
/// <param name="Published">What somebody published for it, compared; null where nothing is.</param>
public sealed record TableRow(IReadOnlyList<string> Values, CellSummary Summary, int Missing = 0, PublishedComparison? Published = null);

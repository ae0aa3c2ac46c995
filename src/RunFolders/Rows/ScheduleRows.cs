using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// The rows of <c>updates.csv</c> as a schedule: who, which push, when. The other columns are
/// passed over unread, so that a value that was changed there is found by who compares it and not
/// here.
/// </summary>
internal sealed class ScheduleRows : IRowFormat<ScheduledPush>
{
    private static readonly int Between = UpdateRows.Index("decision") - UpdateRows.Index("gradient") - 1;
    private static readonly int BeforeTimes = UpdateRows.Index("pulledAtNs") - UpdateRows.Index("decision") - 1;

    public static string FileName => UpdateRows.FileName;

    public static IReadOnlyList<string> Columns => UpdateRows.Columns;

    public static bool TryParse(ReadOnlySpan<byte> row, out ScheduledPush record)
    {
        var fields = new RowParser(row);
        var number = fields.Long();
        fields.Word();
        var worker = fields.Int();
        var gradient = fields.Long();
        fields.Skip(Between);
        var isCancelled = fields.Word().SequenceEqual(UpdateRows.Cancelled);
        fields.Skip(BeforeTimes);
        record = new ScheduledPush(number, worker, gradient, isCancelled, fields.Long(), fields.Long());
        return fields.IsValid;
    }
}

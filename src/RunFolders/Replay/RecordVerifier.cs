using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// Takes a replay's records in place of a recorder and compares each with the run's own, bit for
/// bit, holding one row of it at a time. It asks for an end at the first difference and where the
/// record ends.
/// </summary>
/// <param name="folder">The run's folder.</param>
/// <param name="isWhole">Whether the run ended in order; the record of one that was killed ends
/// anywhere.</param>
/// <param name="isInterrupted">Whether it ended before it was complete, which leaves evaluations to
/// whoever goes on with it.</param>
/// <param name="end">Ends the replay.</param>
public sealed class RecordVerifier(string folder, bool isWhole, bool isInterrupted, Action end) : IRecorder, IDisposable
{
    // Real times, and which host computed it: no part of the run's result.
    private readonly RowComparison updates = new(folder, UpdateRows.FileName, UpdateRows.Columns, unverified: 2);
    private readonly RowComparison evaluations = new(folder, EvaluationRows.FileName, EvaluationRows.Columns, unverified: 1, EvaluationRows.MoreColumns);

    // Null where the run has not counted it.
    private readonly RowComparison? confusions =
        File.Exists(Path.Combine(folder, ConfusionRows.FileName)) ? new(folder, ConfusionRows.FileName, ConfusionRows.Columns, unverified: 0) : null;

    private readonly byte[] row = new byte[RowWriter.MaximumLength];
    private long lastEvent;
    private bool ended;

    /// <summary>The first difference; null so far.</summary>
    public Difference? Difference { get; private set; }

    /// <summary>Push records that were equal.</summary>
    public long Pushes => updates.Rows;

    /// <summary>Evaluations that were equal.</summary>
    public long Evaluations => evaluations.Rows;

    /// <summary>Of the replay.</summary>
    public RunDigest Digest { get; } = new();

    /// <summary>Of the replay.</summary>
    public RunStatistics Statistics { get; } = new();

    /// <summary>Ends the replay before it begins where there is no push to compare.</summary>
    public void Begin() => EndAfterTheLast();

    void IRecorder.Push(in PushRecord record)
    {
        if (ended)
        {
            return;
        }

        lastEvent = Math.Max(lastEvent, record.Event);
        Settle(updates.Compare(row.AsSpan(0, UpdateRows.Format(in record, row) - 1), record.Event));
        Digest.Add(in record);
        Statistics.Add(in record);
        EndAfterTheLast();
    }

    void IRecorder.Evaluation(in EvaluationRecord record)
    {
        if (Difference is not null || IsLeftOut(evaluations, record.Event))
        {
            return;
        }

        Settle(evaluations.Compare(row.AsSpan(0, EvaluationRows.Format(in record, row) - 1), record.Event));
        Digest.Add(in record);
        Statistics.Add(in record);
    }

    void IRecorder.Confusion(ConfusionRecord record)
    {
        // The process may have been killed between an evaluation and these.
        if (Difference is null && confusions is not null && !IsLeftOut(confusions, record.Event))
        {
            Settle(confusions.Compare(ConfusionRows.Format(record).AsSpan()[..^1], record.Event));
        }
    }

    void IRecorder.Event(RunEvent record)
    {
        // What happens beside the pushes is no part of the run's result.
    }

    /// <summary>
    /// The first difference, rows that the replay did not give included; null where there is none.
    /// </summary>
    public Difference? Finish()
    {
        // A killed process may leave the cancellations of an arrival without the arrival, and
        // evaluations of updates whose rows are lost.
        if (Difference is null && updates.HasNext && (isWhole || !updates.AreAllLeft(IsCancelled)))
        {
            Difference = updates.Missing();
        }

        if (Difference is null && evaluations.HasNext && evaluations.Missing() is var missing && (isWhole || missing.Event is null || missing.Event <= lastEvent))
        {
            Difference = missing;
        }

        if (Difference is null && isWhole && confusions is { HasNext: true })
        {
            Difference = confusions.Missing();
        }

        return Difference;
    }

    /// <summary>What could not be read of the record; null where all could.</summary>
    public string? Problem => updates.Problem ?? evaluations.Problem ?? confusions?.Problem;

    public void Dispose()
    {
        updates.Dispose();
        evaluations.Dispose();
        confusions?.Dispose();
    }

    // An evaluation under way when the process was killed is not in the record. One that was
    // interrupted leaves out those that it had no time for; the digest tells them from lost rows.
    private bool IsLeftOut(RowComparison rows, long at) =>
        rows.HasNext ? isWhole && isInterrupted && rows.NextEvent > at : !isWhole || isInterrupted;

    private static bool IsCancelled(byte[] line) => ScheduleRows.TryParse(line, out var push) && push.IsCancelled;

    private void Settle(Difference? difference)
    {
        if (difference is not null)
        {
            (Difference, ended) = (difference, true);
            end();
        }
    }

    private void EndAfterTheLast()
    {
        if (!ended && !updates.HasNext)
        {
            ended = true;
            end();
        }
    }
}

namespace Orchestrator.Abstractions;

/// <summary>
/// A recorded run, for whoever draws conclusions from it. Its rows are streamed: each open reads
/// from the beginning, in the order in which they were recorded, and keeps none of them, so that
/// what a reader needs is as much memory as it reports. Runs may still be under way; then the rows
/// end where they have come to.
/// </summary>
public interface IRunRecords
{
    /// <summary>What is known of the run as a whole.</summary>
    RunFacts Facts { get; }

    /// <summary>Trains the run again with something missing; null where nothing can.</summary>
    ICounterfactuals? Counterfactuals => null;

    /// <summary>Every push, also those that were dropped or cancelled.</summary>
    IRecordReader<PushRecord> OpenPushes();

    /// <summary>The evaluations.</summary>
    IRecordReader<EvaluationRecord> OpenEvaluations();

    /// <summary>
    /// What the samples of each class were taken for at each evaluation; none where the pipeline
    /// does not ask for it.
    /// </summary>
    IRecordReader<ConfusionRecord> OpenConfusions();

    /// <summary>What happened beside the pushes.</summary>
    IRecordReader<RunEvent> OpenEvents();

    /// <summary>
    /// Who holds which samples; one record where all workers share them. Runs that were never
    /// started have none, and a problem.
    /// </summary>
    IRecordReader<PartitionRecord> OpenPartitions();
}

/// <summary>Reads records one after the other. From one thread at a time.</summary>
/// <typeparam name="TRecord">The record.</typeparam>
public interface IRecordReader<TRecord> : IDisposable
{
    /// <summary>Where the record that was read last stands.</summary>
    RecordPlace Place { get; }

    /// <summary>
    /// Why not all records could be read, in a sentence; null where they could. Known when
    /// <see cref="TryRead"/> has returned false. What was read before it holds.
    /// </summary>
    string? Problem { get; }

    /// <summary>The next record; false at the end, and after a problem.</summary>
    /// <param name="record">The record; its default at the end.</param>
    bool TryRead(out TRecord record);
}

/// <summary>Where a record stands, so that a finding can show it.</summary>
/// <param name="File">The file's name within the run's folder.</param>
/// <param name="Line">The line, from 1; the header is 1. 0 before the first record.</param>
public readonly record struct RecordPlace(string File, long Line)
{
    /// <summary><c>updates.csv:17</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{File}:{Line}");
}

using Orchestrator.Abstractions;

namespace Orchestrator.Sweeps;

/// <summary>
/// A run whose folder is gone, as its ledger has it: one evaluation, at its end, and nothing else.
/// </summary>
/// <param name="facts">What is known of it.</param>
/// <param name="row">Its row.</param>
/// <param name="place">Where the row stands.</param>
internal sealed class LedgerRun(RunFacts facts, CompletedRun row, RecordPlace place) : IRunRecords
{
    public RunFacts Facts { get; } = facts;

    public IRecordReader<PushRecord> OpenPushes() => new Rows<PushRecord>([], place);

    public IRecordReader<EvaluationRecord> OpenEvaluations() => new Rows<EvaluationRecord>(
        row.TestLoss is null && row.TestAccuracy is null
            ? []
            : [new EvaluationRecord
            {
                Event = 0,
                Version = row.Updates,
                Epoch = double.NaN,
                At = (long)((row.VirtualSeconds ?? row.WallSeconds) * 1e9),
                TestLoss = row.TestLoss ?? double.NaN,
                TestAccuracy = row.TestAccuracy ?? double.NaN,
                LargestPredictedShare = double.NaN,
                ParameterNorm = double.NaN,
                Duration = 0,
            }],
        place);

    public IRecordReader<RunEvent> OpenEvents() => new Rows<RunEvent>([], place);

    public IRecordReader<PartitionRecord> OpenPartitions() => new Rows<PartitionRecord>([], place);

    public IRecordReader<ConfusionRecord> OpenConfusions() => new Rows<ConfusionRecord>([], place);

    private sealed class Rows<TRecord>(TRecord[] rows, RecordPlace place) : IRecordReader<TRecord>
    {
        private int next;

        public RecordPlace Place => place;

        public string? Problem => null;

        public bool TryRead(out TRecord record)
        {
            record = next < rows.Length ? rows[next] : default!;
            return next++ < rows.Length;
        }

        public void Dispose()
        {
        }
    }
}

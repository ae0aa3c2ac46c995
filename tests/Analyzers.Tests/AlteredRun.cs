using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers.Tests;

/// <summary>Another run's record, with some of its rows replaced.</summary>
internal sealed class AlteredRun(IRunRecords of) : IRunRecords
{
    public RunFacts Facts => of.Facts;

    /// <summary>Null for the other run's.</summary>
    public IReadOnlyList<PushRecord>? Pushes { get; init; }

    /// <summary>Null for the other run's.</summary>
    public IReadOnlyList<EvaluationRecord>? Evaluations { get; init; }

    /// <summary>Null for the other run's.</summary>
    public IReadOnlyList<PartitionRecord>? Partitions { get; init; }

    public IRecordReader<PushRecord> OpenPushes() => Pushes is null ? of.OpenPushes() : new ListReader<PushRecord>("updates.csv", Pushes);

    public IRecordReader<EvaluationRecord> OpenEvaluations() => Evaluations is null ? of.OpenEvaluations() : new ListReader<EvaluationRecord>("evaluations.csv", Evaluations);

    public IRecordReader<ConfusionRecord> OpenConfusions() => of.OpenConfusions();

    public IRecordReader<RunEvent> OpenEvents() => of.OpenEvents();

    public IRecordReader<PartitionRecord> OpenPartitions() => Partitions is null ? of.OpenPartitions() : new ListReader<PartitionRecord>("partitions.csv", Partitions);

    /// <summary>All rows of a record.</summary>
    public static List<TRecord> All<TRecord>(IRecordReader<TRecord> reader)
    {
        using (reader)
        {
            var rows = new List<TRecord>();
            while (reader.TryRead(out var row))
            {
                rows.Add(row);
            }

            return rows;
        }
    }

    private sealed class ListReader<TRecord>(string file, IReadOnlyList<TRecord> rows) : IRecordReader<TRecord>
    {
        private int read;

        public RecordPlace Place => new(file, read + 1);

        public string? Problem => null;

        public bool TryRead(out TRecord record)
        {
            var isThere = read < rows.Count;
            record = isThere ? rows[read++] : default!;
            return isThere;
        }

        public void Dispose()
        {
        }
    }
}

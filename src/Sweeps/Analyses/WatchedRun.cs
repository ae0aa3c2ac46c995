using Orchestrator.Abstractions;

namespace Orchestrator.Sweeps;

/// <summary>
/// A run whose readers tell what they could not read; its records are as they are.
/// </summary>
/// <param name="run">The run.</param>
internal sealed class WatchedRun(IRunRecords run) : IRunRecords
{
    private readonly SortedSet<string> problems = new(StringComparer.Ordinal);

    public RunFacts Facts => run.Facts;

    public ICounterfactuals? Counterfactuals => run.Counterfactuals;

    /// <summary>What could not be read so far.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (problems)
            {
                return [.. problems];
            }
        }
    }

    public IRecordReader<PushRecord> OpenPushes() => new Reader<PushRecord>(this, run.OpenPushes());

    public IRecordReader<EvaluationRecord> OpenEvaluations() => new Reader<EvaluationRecord>(this, run.OpenEvaluations());

    public IRecordReader<ConfusionRecord> OpenConfusions() => new Reader<ConfusionRecord>(this, run.OpenConfusions());

    public IRecordReader<RunEvent> OpenEvents() => new Reader<RunEvent>(this, run.OpenEvents());

    public IRecordReader<PartitionRecord> OpenPartitions() => new Reader<PartitionRecord>(this, run.OpenPartitions());

    private sealed class Reader<TRecord>(WatchedRun owner, IRecordReader<TRecord> inner) : IRecordReader<TRecord>
    {
        public RecordPlace Place => inner.Place;

        public string? Problem => inner.Problem;

        public bool TryRead(out TRecord record)
        {
            if (inner.TryRead(out record))
            {
                return true;
            }

            if (inner.Problem is { } problem)
            {
                lock (owner.problems)
                {
                    owner.problems.Add(problem);
                }
            }

            return false;
        }

        public void Dispose() => inner.Dispose();
    }
}

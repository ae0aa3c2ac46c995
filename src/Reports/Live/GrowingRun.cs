using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// The rows of a run that goes on, read as they come: what was read is not read again.
/// </summary>
/// <param name="folder">The run's.</param>
/// <param name="workers">Of the run.</param>
/// <param name="timeline">Takes the pushes that are shown one by one.</param>
internal sealed class GrowingRun(string folder, int workers, Timeline timeline) : IDisposable
{
    private const int BatchLength = 4096;

    private readonly RowTail<PushRecord> updates = RunRows.FollowUpdates(folder);
    private readonly RowTail<EvaluationRecord> evaluations = RunRows.FollowEvaluations(folder);
    private readonly RowTail<ConfusionRecord> confusions = RunRows.FollowConfusions(folder);
    private readonly List<PushRecord> batch = new(BatchLength);
    private readonly Queue<EvaluationRecord> waiting = new();
    private long lastEvent = -1;
    private bool arePartsKnown;

    public RunData Data { get; } = new(workers, timeline);

    public RunStatistics Statistics { get; } = new();

    /// <summary>Pushes read.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether all that is there was read.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>
    /// Whether the files are not what was read of them: a run that is resumed cuts them.
    /// </summary>
    public bool IsStale { get; private set; }

    /// <summary>Why no more can be read; null where it can.</summary>
    public string? Problem => updates.Problem ?? evaluations.Problem ?? confusions.Problem;

    /// <summary>How much of the pushes was read, 0 to 1.</summary>
    public double ShareRead => updates.FileLength is > 0 and var length ? Math.Min(1, (double)updates.Length / length) : 1;

    /// <summary>Reads on, until there is no more or somebody says that it is enough.</summary>
    /// <param name="isEnough">Asked every few milliseconds.</param>
    public void Advance(Func<bool> isEnough)
    {
        IsStale |= updates.HasShrunk || evaluations.HasShrunk || confusions.HasShrunk;
        IsWhole = false;
        if (!arePartsKnown)
        {
            // They are there before the first push is.
            Data.ReadPartitions(folder, []);
            arePartsKnown = Rows > 0;
        }

        while (!IsStale && !IsWhole)
        {
            ReadBatch();
            IsWhole = batch.Count < BatchLength;
            if (isEnough())
            {
                return;
            }
        }
    }

    /// <summary>Takes the evaluations that no push came after: nothing more will come.</summary>
    public void Close()
    {
        while (waiting.TryDequeue(out var evaluation))
        {
            Add(evaluation);
        }
    }

    public void Dispose()
    {
        updates.Dispose();
        evaluations.Dispose();
        confusions.Dispose();
    }

    // Evaluations stand between the pushes by their event numbers. They are read after the pushes,
    // so that of all that was written by then none is missing.
    private void ReadBatch()
    {
        batch.Clear();
        while (batch.Count < BatchLength && updates.TryRead(out var push))
        {
            batch.Add(push);
        }

        while (evaluations.TryRead(out var evaluation))
        {
            waiting.Enqueue(evaluation);
        }

        while (confusions.TryRead(out var confusion))
        {
            Data.Classes.Add(confusion);
        }

        foreach (ref readonly var push in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch))
        {
            while (waiting.TryPeek(out var evaluation) && evaluation.Event < push.Event)
            {
                Add(waiting.Dequeue());
            }

            if (push.Event <= lastEvent)
            {
                IsStale = true;
                return;
            }

            lastEvent = push.Event;
            Rows++;
            Statistics.Add(push);
            Data.Add(push);
        }
    }

    private void Add(in EvaluationRecord evaluation)
    {
        Statistics.Add(evaluation);
        Data.Add(evaluation);
    }
}

using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// The recorder's thread and what it owns: files, digest, statistics. Looks every 50 ms, and when
/// the ring is half full.
/// </summary>
internal sealed class RecordWriter : IDisposable
{
    private const int RingCapacity = 4096;
    private const int QueueCapacity = 4096;
    private const int ChunkLength = 256;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly string folder;
    private readonly PushRing ring = new(RingCapacity);
    private readonly AutoResetEvent wake = new(false);
    private readonly AutoResetEvent space = new(false);
    private readonly Thread thread;

    // Guards the two queues and the flush request.
    private readonly object gate = new();
    private readonly Queue<EvaluationRecord> evaluations = new();
    private readonly Queue<RunEvent> events = new();
    private readonly Queue<ConfusionRecord> confusions = new();
    private RecorderPosition? position;
    private bool flushRequested;

    private readonly RowFile updateFile;
    private readonly RowFile evaluationFile;
    private readonly RowFile eventFile;

    // Null where nobody asked for it.
    private readonly RowFile? confusionFile;

    private RecorderException? failure;
    private bool waiting;
    private bool closing;

    public RecordWriter(string folder, bool hasMoreSets, bool hasConfusions)
    {
        this.folder = folder;
        updateFile = new RowFile(folder, UpdateRows.FileName, UpdateRows.Columns);
        evaluationFile = new RowFile(folder, EvaluationRows.FileName, hasMoreSets ? EvaluationRows.MoreColumns : EvaluationRows.Columns);
        eventFile = new RowFile(folder, EventRows.FileName, EventRows.Columns);
        confusionFile = hasConfusions ? new RowFile(folder, ConfusionRows.FileName, ConfusionRows.Columns) : null;
        thread = new Thread(Run) { IsBackground = true, Name = "recorder" };
        thread.Start();
    }

    /// <summary>
    /// Goes on with the files of an earlier process from a position that they had.
    /// </summary>
    public RecordWriter(string folder, RecorderPosition from)
    {
        this.folder = folder;
        updateFile = new RowFile(folder, UpdateRows.FileName, from.Updates);
        evaluationFile = new RowFile(folder, EvaluationRows.FileName, from.Evaluations);
        eventFile = new RowFile(folder, EventRows.FileName, from.Events);
        confusionFile = from.Confusions is { } confused ? new RowFile(folder, ConfusionRows.FileName, confused) : null;
        Digest = RunDigest.Import(from.Digest);
        Statistics = RunReader.ReadStatistics(folder, []);
        thread = new Thread(Run) { IsBackground = true, Name = "recorder" };
        thread.Start();
    }

    public RunDigest Digest { get; } = new();

    public RunStatistics Statistics { get; } = new();

    public RecorderException? Failure => Volatile.Read(ref failure);

    public void Add(in PushRecord record)
    {
        if (Volatile.Read(ref failure) is not null || Volatile.Read(ref closing))
        {
            Refuse();
        }

        if (!ring.TryAdd(in record))
        {
            AddWhenThereIsSpace(in record);
        }

        if ((ring.Added & ((RingCapacity / 2) - 1)) == 0)
        {
            wake.Set();
        }
    }

    public void Add(in EvaluationRecord record)
    {
        lock (gate)
        {
            WaitForRoomIn(evaluations);
            evaluations.Enqueue(record);
        }
    }

    public void Add(RunEvent record)
    {
        lock (gate)
        {
            WaitForRoomIn(events);
            events.Enqueue(record);
        }
    }

    public void Add(ConfusionRecord record)
    {
        if (confusionFile is null)
        {
            throw new InvalidOperationException("This record has no file for what classes are taken for.");
        }

        lock (gate)
        {
            WaitForRoomIn(confusions);
            confusions.Enqueue(record);
        }
    }

    public RecorderPosition Flush()
    {
        lock (gate)
        {
            position = null;
            flushRequested = true;
            wake.Set();
            while (position is null)
            {
                if (Failure is not null || closing)
                {
                    Refuse();
                }

                Monitor.Wait(gate);
            }

            return position;
        }
    }

    public void ThrowIfFailed()
    {
        if (Failure is { } kept)
        {
            throw new RecorderException(kept);
        }
    }

    /// <summary>Drains everything and closes the files.</summary>
    public void Dispose()
    {
        Volatile.Write(ref closing, true);
        if (thread.IsAlive)
        {
            wake.Set();
            thread.Join();
        }
    }

    private void Refuse()
    {
        ThrowIfFailed();
        throw new ObjectDisposedException(nameof(Recorder), "The recorder is closed.");
    }

    private void AddWhenThereIsSpace(in PushRecord record)
    {
        while (true)
        {
            Volatile.Write(ref waiting, true);
            Interlocked.MemoryBarrier();
            if (ring.TryAdd(in record))
            {
                break;
            }

            if (Failure is not null || Volatile.Read(ref closing))
            {
                Refuse();
            }

            wake.Set();
            space.WaitOne(Interval);
        }

        Volatile.Write(ref waiting, false);
    }

    private void WaitForRoomIn<T>(Queue<T> queue)
    {
        while (Failure is null && !closing && queue.Count >= QueueCapacity)
        {
            wake.Set();
            Monitor.Wait(gate);
        }

        if (Failure is not null || closing)
        {
            Refuse();
        }
    }

    private void Run()
    {
        try
        {
            bool last;
            do
            {
                wake.WaitOne(Interval);
                last = Volatile.Read(ref closing);
                Drain();
            }
            while (!last);
            FlushToDisk();
        }
        catch (Exception e)
        {
            // Whatever it is, the producer has to hear of it: the record ends here.
            Volatile.Write(ref failure, e as RecorderException ?? new RecorderException(folder, e));
        }
        finally
        {
            updateFile.Dispose();
            evaluationFile.Dispose();
            eventFile.Dispose();
            confusionFile?.Dispose();
            space.Set();
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    private void Drain()
    {
        var flush = TakeQueues(out var newEvaluations, out var newEvents, out var newConfusions);
        DrainRing();
        foreach (var record in newEvaluations)
        {
            evaluationFile.Commit(EvaluationRows.Format(in record, evaluationFile.Reserve(RowWriter.MaximumLength)));
            Digest.Add(in record);
            Statistics.Add(in record);
        }

        foreach (var record in newEvents)
        {
            eventFile.Add(EventRows.Format(record));
        }

        foreach (var record in newConfusions)
        {
            confusionFile!.Add(ConfusionRows.Format(record));
        }

        updateFile.Flush();
        evaluationFile.Flush();
        eventFile.Flush();
        confusionFile?.Flush();
        if (flush)
        {
            Answer();
        }
    }

    private bool TakeQueues(out EvaluationRecord[] newEvaluations, out RunEvent[] newEvents, out ConfusionRecord[] newConfusions)
    {
        lock (gate)
        {
            newEvaluations = evaluations.Count == 0 ? [] : [.. evaluations];
            newEvents = events.Count == 0 ? [] : [.. events];
            newConfusions = confusions.Count == 0 ? [] : [.. confusions];
            evaluations.Clear();
            events.Clear();
            confusions.Clear();
            Monitor.PulseAll(gate);
            var flush = flushRequested;
            flushRequested = false;
            return flush;
        }
    }

    private void DrainRing()
    {
        while (ring.Peek(ChunkLength) is { IsEmpty: false } chunk)
        {
            foreach (ref readonly var record in chunk)
            {
                updateFile.Commit(UpdateRows.Format(in record, updateFile.Reserve(RowWriter.MaximumLength)));
                Digest.Add(in record);
                Statistics.Add(in record);
            }

            ring.Release(chunk.Length);
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref waiting))
            {
                space.Set();
            }
        }
    }

    private void Answer()
    {
        // The checkpoint will count on these rows.
        FlushToDisk();
        var reached = new RecorderPosition(updateFile.Position(), evaluationFile.Position(), eventFile.Position(), Digest.Export(), confusionFile?.Position());
        lock (gate)
        {
            position = reached;
            Monitor.PulseAll(gate);
        }
    }

    private void FlushToDisk()
    {
        updateFile.FlushToDisk();
        evaluationFile.FlushToDisk();
        eventFile.FlushToDisk();
        confusionFile?.FlushToDisk();
    }
}

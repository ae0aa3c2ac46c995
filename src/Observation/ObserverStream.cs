using System.Collections.Concurrent;
using Orchestrator.Abstractions;

namespace Orchestrator.Observation;

/// <summary>
/// What observers read: a bounded stream that drops and counts. The server leaves a record in a
/// ring and goes on; a thread of the stream's own hands the records to the observers, which may be
/// as slow as they like. An observer that throws is not called again.
/// </summary>
public sealed class ObserverStream : IRunObserver, IDisposable
{
    // Looked at by time, so that the server pays for few wake-ups: one whenever the ring is half
    // full.
    private const int PollMilliseconds = 100;
    private const int MostEvents = 1_024;

    private readonly List<IRunObserver> observers;
    private readonly ObservationRing ring;
    private readonly ConcurrentQueue<EvaluationRecord> evaluations = new();
    private readonly ConcurrentQueue<RunEvent> events = new();
    private readonly AutoResetEvent wake = new(false);
    private readonly Thread thread;
    private readonly int half;
    private volatile bool stopping;
    private int queuedEvents;
    private long dropped;

    /// <param name="observers">Called one after the other, on the stream's thread.</param>
    /// <param name="capacity">Pushes that may wait; a power of two.</param>
    public ObserverStream(IEnumerable<IRunObserver> observers, int capacity = 16_384)
    {
        this.observers = [.. observers];
        ring = new ObservationRing(capacity);
        half = capacity / 2;
        thread = new Thread(Pump) { IsBackground = true, Name = "observers" };
        thread.Start();
    }

    /// <summary>
    /// Records that no observer saw, because they came faster than they were read.
    /// </summary>
    public long Dropped => Volatile.Read(ref dropped);

    /// <summary>What an observer threw; null while all work.</summary>
    public Exception? Fault { get; private set; }

    void IRunObserver.Pushed(in PushRecord record, in PushTimes times)
    {
        if (Count(ring.TryAdd(record, times)) && ring.Waiting == half)
        {
            wake.Set();
        }
    }

    void IRunObserver.Evaluated(in EvaluationRecord record)
    {
        if (Count(HasRoom()))
        {
            evaluations.Enqueue(record);
        }
    }

    void IRunObserver.Happened(RunEvent record)
    {
        if (Count(HasRoom()))
        {
            events.Enqueue(record);
        }
    }

    /// <summary>Hands over what is waiting, and ends the thread.</summary>
    /// <param name="milliseconds">Longest wait; what is still waiting then counts as
    /// dropped.</param>
    public void Close(int milliseconds)
    {
        stopping = true;
        wake.Set();
        if (!thread.Join(milliseconds))
        {
            Interlocked.Add(ref dropped, ring.Waiting);
        }
    }

    public void Dispose() => Close(0);

    private bool HasRoom()
    {
        if (Interlocked.Increment(ref queuedEvents) <= MostEvents)
        {
            return true;
        }

        Interlocked.Decrement(ref queuedEvents);
        return false;
    }

    private bool Count(bool taken)
    {
        if (!taken)
        {
            Interlocked.Increment(ref dropped);
        }

        return taken;
    }

    private void Pump()
    {
        var ended = false;
        while (!ended)
        {
            // Asked before the last look, so that nothing told earlier is left behind.
            wake.WaitOne(PollMilliseconds);
            ended = stopping;
            while (ring.TryTake(out var record, out var times))
            {
                Each(record, times);
            }

            while (evaluations.TryDequeue(out var record))
            {
                Interlocked.Decrement(ref queuedEvents);
                Each(observer => observer.Evaluated(record));
            }

            while (events.TryDequeue(out var record))
            {
                Interlocked.Decrement(ref queuedEvents);
                Each(observer => observer.Happened(record));
            }
        }
    }

    // Without a closure: a collection of garbage would stop the server's thread too.
    private void Each(in PushRecord record, in PushTimes times)
    {
        for (var i = observers.Count - 1; i >= 0; i--)
        {
            try
            {
                observers[i].Pushed(record, times);
            }
            catch (Exception fault)
            {
                Remove(i, fault);
            }
        }
    }

    private void Each(Action<IRunObserver> tell)
    {
        for (var i = observers.Count - 1; i >= 0; i--)
        {
            try
            {
                tell(observers[i]);
            }
            catch (Exception fault)
            {
                Remove(i, fault);
            }
        }
    }

    private void Remove(int observer, Exception fault)
    {
        Fault ??= fault;
        observers.RemoveAt(observer);
    }
}

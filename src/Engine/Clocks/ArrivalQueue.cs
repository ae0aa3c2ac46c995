using System.Runtime.InteropServices;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// Pushes in the order of their arrival: by due time, ties by worker number. That is the whole
/// rule; the rest is speed. The next few stand apart, so that what the server keeps for their
/// workers can be brought into the cache while it handles those before them: with many workers, a
/// push would otherwise wait for memory a dozen times.
/// </summary>
/// <param name="workers">Number of workers; each has at most one push here.</param>
/// <param name="prefetch">Called with a worker a few arrivals before its own.</param>
internal sealed class ArrivalQueue(int workers, Action<int> prefetch)
{
    private const int Ahead = 6;

    private readonly ArrivalTree far = new(workers);

    // All before those in the queue; full unless the queue is empty.
    private readonly (long Due, int Worker, InFlightPush Push)[] next = new (long, int, InFlightPush)[Ahead];
    private int count;

    /// <summary>The earliest push, or null.</summary>
    public InFlightPush? First => count > 0 ? next[0].Push : null;

    /// <summary>Whether one push arrives before another.</summary>
    public static bool IsBefore(InFlightPush one, InFlightPush other) => one.Due < other.Due || (one.Due == other.Due && one.Worker < other.Worker);

    public void Add(InFlightPush push)
    {
        if (far.Count > 0 ? !IsBefore(push, count - 1) : count == Ahead && !IsBefore(push, count - 1))
        {
            far.Add(push, push.Due);
            return;
        }

        if (count == Ahead)
        {
            var last = next[--count].Push;
            far.Add(last, last.Due);
        }

        var index = count;
        while (index > 0 && IsBefore(push, index - 1))
        {
            next[index] = next[--index];
        }

        next[index] = (push.Due, push.Worker, push);
        count++;
    }

    public InFlightPush RemoveFirst()
    {
        var first = next[0].Push;
        RemoveAt(0);
        Prefetch();
        return first;
    }

    /// <summary>Removes a push if it is here.</summary>
    /// <returns>Whether it was.</returns>
    public bool Remove(InFlightPush push)
    {
        for (var index = 0; index < count; index++)
        {
            if (next[index].Push == push)
            {
                RemoveAt(index);
                return true;
            }
        }

        return far.Remove(push);
    }

    private void RemoveAt(int index)
    {
        next.AsSpan((index + 1)..count).CopyTo(next.AsSpan(index));
        count--;
        if (far.Count > 0)
        {
            var (time, worker, push) = far.RemoveFirst();
            next[count++] = (time, worker, push);
        }
    }

    // Each object names the next: one step per push taken, so that no step waits for the one
    // before.
    private void Prefetch()
    {
        if (count == Ahead)
        {
            prefetch(next[^1].Worker);
            next[^1].Push.Prefetch();
            CacheLines.FetchObject(next[^2].Push.Sent);
            CacheLines.FetchObject(next[^3].Push.Sent.Vector);
            CacheLines.Fetch(ref MemoryMarshal.GetReference(next[^4].Push.Sent.Vector.Span));
        }
    }

    // From what lies here: the push itself may not be in the cache.
    private bool IsBefore(InFlightPush push, int index) => push.Due < next[index].Due || (push.Due == next[index].Due && push.Worker < next[index].Worker);
}

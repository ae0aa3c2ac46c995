using System.Runtime.InteropServices;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// Flights that have not been handed out, in the order of their arrival. The next few stand apart, so that what the server keeps for their workers can be
/// brought into the cache while it handles those before them: with many workers, a push would otherwise wait for memory a dozen times.
/// </summary>
internal sealed class ArrivalQueue(int workers, Action<int> prefetch)
{
    private const int Ahead = 6;

    private readonly ArrivalTree far = new(workers);

    // All before those in the queue; full unless the queue is empty.
    private readonly (long Due, int Worker, InFlightPush InFlightPush)[] next = new (long, int, InFlightPush)[Ahead];
    private int count;

    /// <summary>The earliest flight, or null.</summary>
    public InFlightPush? First => count > 0 ? next[0].InFlightPush : null;

    public void Add(InFlightPush flight)
    {
        if (far.Count > 0 ? !IsBefore(flight, count - 1) : count == Ahead && !IsBefore(flight, count - 1))
        {
            far.Add(flight, flight.Due);
            return;
        }

        if (count == Ahead)
        {
            var last = next[--count].InFlightPush;
            far.Add(last, last.Due);
        }

        var place = count;
        while (place > 0 && IsBefore(flight, place - 1))
        {
            next[place] = next[--place];
        }

        next[place] = (flight.Due, flight.Worker, flight);
        count++;
    }

    public InFlightPush Take()
    {
        var first = next[0].InFlightPush;
        RemoveAt(0);
        Prefetch();
        return first;
    }

    /// <summary>Removes a flight if it is here.</summary>
    /// <returns>Whether it was.</returns>
    public bool Remove(InFlightPush flight)
    {
        for (var place = 0; place < count; place++)
        {
            if (next[place].InFlightPush == flight)
            {
                RemoveAt(place);
                return true;
            }
        }

        return far.Remove(flight);
    }

    private void RemoveAt(int place)
    {
        next.AsSpan((place + 1)..count).CopyTo(next.AsSpan(place));
        count--;
        if (far.Count > 0)
        {
            var (time, worker, flight) = far.Take();
            next[count++] = (time, worker, flight);
        }
    }

    // Each object names the next: one step per flight taken, so that no step waits for the one before.
    private void Prefetch()
    {
        if (count == Ahead)
        {
            prefetch(next[^1].Worker);
            next[^1].InFlightPush.Prefetch();
            CacheLines.FetchObject(next[^2].InFlightPush.Sent);
            CacheLines.FetchObject(next[^3].InFlightPush.Sent.Vector);
            CacheLines.Fetch(ref MemoryMarshal.GetReference(next[^4].InFlightPush.Sent.Vector.Span));
        }
    }

    private bool IsBefore(InFlightPush flight, int place) => flight.Due < next[place].Due || (flight.Due == next[place].Due && flight.Worker < next[place].Worker);
}

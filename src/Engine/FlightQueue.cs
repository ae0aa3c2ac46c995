namespace Orchestrator.Engine;

/// <summary>
/// Flights by (time, worker), earliest first, at most one of each worker: a heap of four branches over the keys alone, with places and flights in a table by
/// worker. So a step of the heap touches no flight, and cancellation takes log N and leaves nothing behind.
/// </summary>
internal sealed class FlightQueue
{
    private const int Branches = 4;

    private readonly (Flight? Flight, int Place)[] workers;
    private Key[] heap = new Key[16];

    public FlightQueue(int workers) => this.workers = new (Flight?, int)[workers];

    public int Count { get; private set; }

    /// <summary>The earliest flight, or null.</summary>
    public Flight? First => Count > 0 ? workers[heap[0].Worker].Flight : null;

    public void Add(Flight flight, long time)
    {
        if (Count == heap.Length)
        {
            Array.Resize(ref heap, Count * 2);
        }

        workers[flight.Worker].Flight = flight;
        Rise(Count++, new Key(time, flight.Worker));
    }

    public Flight Take()
    {
        var first = workers[heap[0].Worker].Flight!;
        Remove(first);
        return first;
    }

    /// <summary>Removes a flight if it is in the queue.</summary>
    public void Remove(Flight flight)
    {
        if (!Contains(flight))
        {
            return;
        }

        workers[flight.Worker].Flight = null;
        var place = workers[flight.Worker].Place;
        var last = heap[--Count];
        if (place == Count)
        {
            return;
        }

        if (place > 0 && last.IsBefore(heap[(place - 1) / Branches]))
        {
            Rise(place, last);
        }
        else
        {
            Sink(place, last);
        }
    }

    public bool Contains(Flight flight) => workers[flight.Worker].Flight == flight;

    private void Rise(int place, Key key)
    {
        while (place > 0)
        {
            var parent = (place - 1) / Branches;
            if (!key.IsBefore(heap[parent]))
            {
                break;
            }

            Put(place, heap[parent]);
            place = parent;
        }

        Put(place, key);
    }

    private void Sink(int place, Key key)
    {
        while (true)
        {
            var first = (Branches * place) + 1;
            if (first >= Count)
            {
                break;
            }

            var child = first;
            var end = Math.Min(first + Branches, Count);
            for (var other = first + 1; other < end; other++)
            {
                child = heap[other].IsBefore(heap[child]) ? other : child;
            }

            if (!heap[child].IsBefore(key))
            {
                break;
            }

            Put(place, heap[child]);
            place = child;
        }

        Put(place, key);
    }

    private void Put(int place, Key key)
    {
        heap[place] = key;
        workers[key.Worker].Place = place;
    }

    private readonly record struct Key(long Time, int Worker)
    {
        public bool IsBefore(Key other) => Time < other.Time || (Time == other.Time && Worker < other.Worker);
    }
}

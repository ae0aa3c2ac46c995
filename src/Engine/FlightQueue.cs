namespace Orchestrator.Engine;

/// <summary>
/// Flights by (time, worker), earliest first: a binary heap that knows each flight's place, so that cancellation takes log N and leaves nothing behind.
/// </summary>
internal abstract class FlightQueue
{
    private Flight[] heap = new Flight[16];

    public int Count { get; private set; }

    /// <summary>The earliest flight, or null.</summary>
    public Flight? First => Count > 0 ? heap[0] : null;

    public void Add(Flight flight)
    {
        if (Count == heap.Length)
        {
            Array.Resize(ref heap, Count * 2);
        }

        Rise(Count++, flight);
    }

    public Flight Take()
    {
        var first = heap[0];
        Remove(first);
        return first;
    }

    /// <summary>Removes a flight if it is in the queue.</summary>
    public void Remove(Flight flight)
    {
        var slot = Slot(flight);
        if (slot < 0)
        {
            return;
        }

        Slot(flight) = -1;
        var last = heap[--Count];
        heap[Count] = null!;
        if (last == flight)
        {
            return;
        }

        if (slot > 0 && Before(last, heap[(slot - 1) / 2]))
        {
            Rise(slot, last);
        }
        else
        {
            Sink(slot, last);
        }
    }

    public bool Contains(Flight flight) => Slot(flight) >= 0;

    protected abstract ref int Slot(Flight flight);

    protected abstract long Time(Flight flight);

    private bool Before(Flight a, Flight b)
    {
        var (x, y) = (Time(a), Time(b));
        return x < y || (x == y && a.Worker < b.Worker);
    }

    private void Rise(int slot, Flight flight)
    {
        while (slot > 0)
        {
            var parent = (slot - 1) / 2;
            if (!Before(flight, heap[parent]))
            {
                break;
            }

            Put(slot, heap[parent]);
            slot = parent;
        }

        Put(slot, flight);
    }

    private void Sink(int slot, Flight flight)
    {
        while (true)
        {
            var child = (2 * slot) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && Before(heap[child + 1], heap[child]))
            {
                child++;
            }

            if (!Before(heap[child], flight))
            {
                break;
            }

            Put(slot, heap[child]);
            slot = child;
        }

        Put(slot, flight);
    }

    private void Put(int slot, Flight flight)
    {
        heap[slot] = flight;
        Slot(flight) = slot;
    }
}

/// <summary>All flights by their arrival.</summary>
internal sealed class ArrivalQueue : FlightQueue
{
    protected override ref int Slot(Flight flight) => ref flight.QueueSlot;

    protected override long Time(Flight flight) => flight.ArrivesAt;
}

/// <summary>Flights that have not been handed out, by their arrival.</summary>
internal sealed class PendingQueue : FlightQueue
{
    protected override ref int Slot(Flight flight) => ref flight.PendingSlot;

    protected override long Time(Flight flight) => flight.ArrivesAt;
}

/// <summary>Wall clock: flights that wait for the end of their delay.</summary>
internal sealed class StartQueue : FlightQueue
{
    protected override ref int Slot(Flight flight) => ref flight.PendingSlot;

    protected override long Time(Flight flight) => flight.StartsAt;
}

using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>Hands flights to worker hosts and matches what comes back. Used by one thread at a time.</summary>
internal sealed class Dispatcher(IServerEnd link)
{
    private const int PlaceBits = 20;

    // A ticket is a serial number above the flight's place here.
    private readonly List<InFlightPush?> outstanding = [];
    private readonly Stack<int> vacant = [];
    private long lastSerial;

    /// <summary>Whether anybody wants to know when work left and results came.</summary>
    public bool IsTimed { get; init; }

    /// <summary>Begins the span of each pull whose work goes to another process; null where nothing is traced, or no work does.</summary>
    public IPullTraces? Traces { get; init; }

    /// <summary>Called when a flight's result has come.</summary>
    public Action<InFlightPush>? Completed { get; set; }

    /// <summary>Called when a flight that was cancelled while a host held it has come back, and can be reused.</summary>
    public Action<InFlightPush>? CameBack { get; set; }

    /// <summary>Called when a host was lost with a flight's work.</summary>
    public Action<InFlightPush>? Lost { get; set; }

    /// <summary>Called when a host joins, leaves or is refused.</summary>
    public Action<LinkEvent>? HostChanged { get; set; }

    /// <summary>Slots that can be used now.</summary>
    public int Free => link.Free;

    /// <summary>Slots to keep for the earliest arrival.</summary>
    public int Reserve => link.Reserve;

    public void Post(InFlightPush flight, NativeVector? state)
    {
        if (!vacant.TryPop(out var place))
        {
            place = outstanding.Count;
            outstanding.Add(null);
        }

        flight.Ticket = (++lastSerial << PlaceBits) | (long)place;
        outstanding[place] = flight;
        if (IsTimed)
        {
            flight.Times = flight.Times with { Posted = WallTime.Now, Pull = flight.Times.Pull ?? Traces?.Begin() };
        }

        link.Post(new Work(
            flight.Ticket, flight.Worker, flight.Gradient, flight.Batch, flight.Version, flight.LearningRate, flight.Sent.Vector, state)
        {
            SentNumber = flight.Sent.Number,
            Trace = SpanContext.Of(flight.Times.Pull),
        });
    }

    /// <summary>Takes back a flight that was cancelled, wherever it is.</summary>
    /// <returns>Whether it is free now; otherwise a host is asked to end its work, and <see cref="CameBack"/> tells when it has.</returns>
    public bool Withdraw(InFlightPush flight)
    {
        if (flight.Result is not null)
        {
            Return(flight);
        }

        if (flight.Ticket == 0)
        {
            return true;
        }

        flight.Cancelled = true;
        link.Cancel(flight.Ticket);
        return false;
    }

    /// <summary>Gives back the memory of a flight's result.</summary>
    /// <param name="flight">The flight.</param>
    /// <param name="traced">Whether its spans are wanted.</param>
    public void Return(InFlightPush flight, bool traced = false)
    {
        link.Return(flight.Ticket, traced);
        flight.Result = null;
        Forget(flight);
    }

    /// <summary>Takes one event from the hosts.</summary>
    /// <param name="timeout">Longest wait in ms; -1 for ever.</param>
    /// <returns>False when there was none.</returns>
    /// <exception cref="WorkerFailedException">A worker's computation threw.</exception>
    public bool Receive(int timeout)
    {
        if (!link.Take(timeout, out var happened))
        {
            return false;
        }

        if (happened.Kind is LinkEventKind.HostJoined or LinkEventKind.HostLeft or LinkEventKind.HostRefused)
        {
            HostChanged?.Invoke(happened);
            return true;
        }

        var flight = outstanding[Place(happened.Ticket)]!;
        switch (happened.Kind)
        {
            case LinkEventKind.Completed when !flight.Cancelled:
                (flight.Result, flight.Loss, flight.ComputeTime, flight.Host) = (happened.Result, happened.Loss, happened.ComputeTime, happened.Host);
                if (IsTimed)
                {
                    flight.Times = TimesOf(flight, happened, WallTime.Now);
                }

                Completed?.Invoke(flight);
                break;
            case LinkEventKind.Completed:
                Return(flight);
                CameBack?.Invoke(flight);
                break;
            case LinkEventKind.Failed when !flight.Cancelled:
                throw new WorkerFailedException(flight.Worker, flight.Version, flight.Gradient, happened.Message ?? "unknown cause");
            default:
                Forget(flight);
                flight.Host = happened.Host;
                (flight.Cancelled ? CameBack : Lost)?.Invoke(flight);
                break;
        }

        return true;
    }

    private void Forget(InFlightPush flight)
    {
        var place = Place(flight.Ticket);
        outstanding[place] = null;
        vacant.Push(place);
        flight.Ticket = 0;
    }

    private static int Place(long ticket) => (int)(ticket & ((1 << PlaceBits) - 1));

    // Within one process the result is there when it has been computed; a host with another clock is taken to have sent it at once.
    private static PushTimes TimesOf(InFlightPush flight, in LinkEvent happened, long now)
    {
        // A host may say anything; between the hand-over and now it stays believable.
        var posted = flight.Times.Posted;
        var compute = Math.Clamp(happened.ComputeTime, 0, now - posted);
        var started = happened.Started > 0 ? Math.Clamp(happened.Started, posted, now - compute) : now - compute;
        var times = flight.Times with { Started = started, Computed = started + compute, PushSpan = happened.Span };
        return happened.Started > 0
            ? times with { Received = times.Computed, HostQueue = started - times.Posted }
            : times with { Received = now, HostQueue = happened.HostQueue };
    }
}

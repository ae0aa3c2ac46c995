using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Hands pushes to worker hosts and matches what comes back. Used by whoever holds the server lock.
/// </summary>
/// <param name="link">Where the hosts are.</param>
/// <param name="serverLock">Let go of while the server waits for hosts.</param>
/// <param name="isTimed">Whether anybody wants to know when work left and results came.</param>
/// <param name="traces">Begins the span of each pull whose work goes to another process; null where
/// nothing is traced, or no work does.</param>
internal sealed class Dispatcher(IServerEnd link, ServerLock serverLock, bool isTimed, IPullTraces? traces)
{
    // A ticket is a serial number above the push's index here.
    private const int IndexBits = 20;

    private readonly List<InFlightPush?> outstanding = [];
    private readonly Stack<int> vacant = [];
    private long lastSerial;

    /// <summary>Slots that can be used now.</summary>
    public int Free => link.Free;

    /// <summary>Slots to keep for the earliest arrival.</summary>
    public int Reserve => link.Reserve;

    /// <summary>Hands a push's work to a host.</summary>
    /// <param name="push">With a slot free for it.</param>
    /// <param name="ruleState">The worker rule's state; null without one.</param>
    public void Post(InFlightPush push, NativeVector? ruleState)
    {
        if (!vacant.TryPop(out var index))
        {
            index = outstanding.Count;
            outstanding.Add(null);
        }

        push.Ticket = (++lastSerial << IndexBits) | (long)index;
        outstanding[index] = push;
        if (isTimed)
        {
            push.Times = push.Times with { Posted = WallTime.Now, Pull = push.Times.Pull ?? traces?.Begin() };
        }

        link.Post(new Work(
            push.Ticket, push.Worker, push.Gradient, push.Batch, push.Version, push.LearningRate, push.Sent.Vector, ruleState)
        {
            SentNumber = push.Sent.Number,
            Trace = SpanContext.Of(push.Times.Pull),
        });
    }

    /// <summary>Gets a cancelled push back, wherever it is.</summary>
    /// <returns>Whether it is free now; otherwise a host is asked to end its work, and
    /// <see cref="ServerEventKind.Withdrawn"/> says when it has.</returns>
    public bool Withdraw(InFlightPush push)
    {
        if (push.Result is not null)
        {
            Return(push);
        }

        if (push.Ticket == 0)
        {
            return true;
        }

        push.IsCancelled = true;
        link.Cancel(push.Ticket);
        return false;
    }

    /// <summary>Gives back the memory of a push's result.</summary>
    /// <param name="push">The push.</param>
    /// <param name="traced">Whether its spans are wanted.</param>
    public void Return(InFlightPush push, bool traced = false)
    {
        link.Return(push.Ticket, traced);
        push.Result = null;
        Forget(push);
    }

    /// <summary>The next event from the hosts.</summary>
    /// <param name="wait">Whether to wait for one; nothing is half done then, and the server lock
    /// is free meanwhile.</param>
    /// <param name="next">The event.</param>
    /// <returns>False when there was none.</returns>
    /// <exception cref="WorkerFailedException">A worker's computation threw.</exception>
    public bool Receive(bool wait, out ServerEvent next)
    {
        next = default;
        if (!(wait ? AwaitEvent(out var happened) : link.Receive(0, out happened)))
        {
            return false;
        }

        next = happened.Kind switch
        {
            LinkEventKind.HostJoined => new ServerEvent(ServerEventKind.HostJoined, null, happened.Host, happened.Message),
            LinkEventKind.HostLeft => new ServerEvent(ServerEventKind.HostLeft, null, happened.Host, happened.Message),
            LinkEventKind.HostRefused => new ServerEvent(ServerEventKind.HostRefused, null, happened.Host, happened.Message),
            _ => Match(outstanding[IndexOf(happened.Ticket)]!, happened),
        };
        return true;
    }

    private bool AwaitEvent(out LinkEvent happened)
    {
        serverLock.Exit();
        try
        {
            return link.Receive(-1, out happened);
        }
        finally
        {
            serverLock.Enter();
        }
    }

    private ServerEvent Match(InFlightPush push, in LinkEvent happened)
    {
        switch (happened.Kind)
        {
            case LinkEventKind.Completed when !push.IsCancelled:
                (push.Result, push.Loss, push.ComputeTime, push.Host) = (happened.Result, happened.Loss, happened.ComputeTime, happened.Host);
                if (isTimed)
                {
                    push.Times = TimesOf(push, happened, WallTime.Now);
                }

                return new ServerEvent(ServerEventKind.Completed, push);
            case LinkEventKind.Completed:
                Return(push);
                return new ServerEvent(ServerEventKind.Withdrawn, push);
            case LinkEventKind.Failed when !push.IsCancelled:
                throw new WorkerFailedException(push.Worker, push.Version, push.Gradient, happened.Message ?? "unknown cause");
            default:
                Forget(push);
                push.Host = happened.Host;
                return new ServerEvent(push.IsCancelled ? ServerEventKind.Withdrawn : ServerEventKind.Lost, push, happened.Host);
        }
    }

    private void Forget(InFlightPush push)
    {
        var index = IndexOf(push.Ticket);
        outstanding[index] = null;
        vacant.Push(index);
        push.Ticket = 0;
    }

    private static int IndexOf(long ticket) => (int)(ticket & ((1 << IndexBits) - 1));

    // Within one process the result is there when it has been computed; a host with another clock
    // is taken to have sent it at once.
    private static PushTimes TimesOf(InFlightPush push, in LinkEvent happened, long now)
    {
        // A host may say anything; between the hand-over and now it stays believable.
        var posted = push.Times.Posted;
        var compute = Math.Clamp(happened.ComputeTime, 0, now - posted);
        var started = happened.Started > 0 ? Math.Clamp(happened.Started, posted, now - compute) : now - compute;
        var times = push.Times with { Started = started, Computed = started + compute, PushSpan = happened.Span };
        return happened.Started > 0
            ? times with { Received = times.Computed, HostQueue = started - times.Posted }
            : times with { Received = now, HostQueue = happened.HostQueue };
    }
}

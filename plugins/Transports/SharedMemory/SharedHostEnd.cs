using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A worker host's end in shared memory. One of the waiting compute threads listens: it spins a
/// little, then sleeps on the doorbell; the others sleep until it has heard something.
/// </summary>
internal sealed class SharedHostEnd : IHostEnd
{
    private static readonly byte[] Byte = [1];

    private readonly Spin spin = new();
    private readonly object gate = new();
    private readonly Socket socket;
    private readonly Region region;
    private readonly SentView sent;
    private readonly Timer alive;
    private readonly byte[] heard = new byte[64];
    private long workHead;
    private long doneTail;
    private bool listening;
    private bool closed;
    private string? fault;

    public SharedHostEnd(Socket socket, Region region, SentView sent, int alivePeriod)
    {
        (this.socket, this.region, this.sent) = (socket, region, sent);
        alive = new Timer(_ => Ring(), null, alivePeriod, alivePeriod);
    }

    public string? Fault
    {
        get
        {
            lock (gate)
            {
                return fault;
            }
        }
    }

    public int Number { get; init; }

    public long TraceRequested(int slot) => new SlotHeader(region, slot).TraceRequested;

    private bool HasWork => Volatile.Read(ref region.Long(RegionLayout.WorkTail)) != Volatile.Read(ref workHead);

    public bool Receive(HostWork work, bool wait)
    {
        while (true)
        {
            lock (gate)
            {
                if (closed)
                {
                    return false;
                }

                if (HasWork)
                {
                    return Give(work);
                }

                if (!wait)
                {
                    return false;
                }

                if (listening)
                {
                    Monitor.Wait(gate);
                    continue;
                }

                listening = true;
            }

            Listen();
            lock (gate)
            {
                listening = false;
                Monitor.Pulse(gate);
            }
        }
    }

    public bool IsCancelled(HostWork work) => new SlotHeader(region, work.Slot).Withdrawn == work.Work.Ticket;

    public void Complete(HostWork work, double loss, long computeTime) => Answer(work, SlotOutcome.Completed, loss, computeTime, null);

    public void Abandon(HostWork work, string? message) =>
        Answer(work, message is null ? SlotOutcome.Cancelled : SlotOutcome.Failed, double.NaN, 0, message);

    public void Dispose()
    {
        Volatile.Write(ref region.Int(RegionLayout.HostLeft), 1);
        Close(null);
    }

    // What was sent cannot be found any more when the run has ended in this moment.
    private bool Give(HostWork work)
    {
        var slot = region.Int(region.Layout.WorkRing + (workHead % region.Layout.Slots * sizeof(int)));
        workHead++;
        var header = new SlotHeader(region, slot);
        try
        {
            (work.Work, work.Result, work.Slot, work.TraceRequested) = (header.Read(sent), region.Results[slot], slot, header.TraceRequested);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Close(Volatile.Read(ref region.Int(RegionLayout.Ended)) != 0 ? null : $"the run's process is gone, or what it sent cannot be read ({e.Message})");
            return false;
        }
    }

    private void Answer(HostWork work, SlotOutcome outcome, double loss, long computeTime, string? message)
    {
        new SlotHeader(region, work.Slot).Answer(outcome, work, loss, computeTime, message);
        lock (gate)
        {
            region.Int(region.Layout.DoneRing + (doneTail % region.Layout.Slots * sizeof(int))) = work.Slot;
            Volatile.Write(ref region.Long(RegionLayout.DoneTail), ++doneTail);
        }

        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref region.Int(RegionLayout.ServerDozes)) != 0 && Interlocked.Exchange(ref region.Int(RegionLayout.ServerDozes), 0) != 0)
        {
            Ring();
        }
    }

    // Until there is work or the link is closed.
    private void Listen()
    {
        if (spin.For(this, static end => end.HasWork))
        {
            return;
        }

        Volatile.Write(ref region.Int(RegionLayout.HostDozes), 1);
        Interlocked.MemoryBarrier();
        if (HasWork)
        {
            Volatile.Write(ref region.Int(RegionLayout.HostDozes), 0);
            return;
        }

        try
        {
            if (socket.Receive(heard) == 0)
            {
                Close(Volatile.Read(ref region.Int(RegionLayout.Ended)) != 0 ? null : "the run's process is gone");
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Close($"the doorbell broke ({e.Message})");
        }
    }

    private void Ring()
    {
        try
        {
            socket.Send(Byte);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Close(Volatile.Read(ref region.Int(RegionLayout.Ended)) != 0 ? null : $"the doorbell broke ({e.Message})");
        }
    }

    private void Close(string? why)
    {
        lock (gate)
        {
            if (!closed)
            {
                (closed, fault) = (true, why);
                alive.Dispose();
                socket.Dispose();
            }

            Monitor.PulseAll(gate);
        }
    }
}

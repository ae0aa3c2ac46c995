using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A worker host of this machine. Work goes through one ring of slot numbers, results through
/// another; what the host wrote is checked before it is believed.
/// </summary>
internal sealed class SharedPeer : Peer
{
    private static readonly byte[] Byte = [1];

    private readonly Region region;
    private readonly SentMemory sent;
    private readonly Socket socket;
    private readonly RawSocket bell;
    private readonly ReadBytes look;
    private readonly ReadBytes listen;
    private readonly Thread reader;
    private readonly object departure = new();
    private readonly byte[] heard = new byte[64];
    private readonly IPeerEvents events;
    private readonly Limits limits;
    private readonly StallDetector silence = new();
    private long workTail;
    private long doneHead;
    private long bytesDown;
    private long signs;

    // Whether the thread that listens is bringing what it heard.
    private volatile bool reports;

    public SharedPeer(int number, HostIdentity identity, Region region, SentMemory sent, PendingConnection connection, IPeerEvents events, Limits limits)
        : base(number, identity, region.Layout.Slots)
    {
        (this.region, this.sent, socket, reader, this.events, this.limits) = (region, sent, connection.Socket, connection.Thread, events, limits);
        bell = new RawSocket(socket);
        (look, listen) = (bell.Receive, bell.AwaitAndReceive);
    }

    public override bool Reports => reports;

    public override long BytesDown => bytesDown;

    public override long BytesUp => Pushes * region.Layout.ResultLength * sizeof(float);

    /// <summary>Whether the host has put something into its ring.</summary>
    public bool HasResult => Volatile.Read(ref region.Long(RegionLayout.DoneTail)) != doneHead;

    public override NativeVector ResultOf(int slot) => region.Results[slot];

    /// <summary>Asks the host to ring when it has a result.</summary>
    public void WantsRings(bool wanted) => Volatile.Write(ref region.Int(RegionLayout.ServerDozes), wanted ? 1 : 0);

    /// <summary>The host's next result.</summary>
    public override bool TryTake(out PeerEvent peerEvent)
    {
        peerEvent = default;
        if (!HasResult)
        {
            return false;
        }

        var slot = region.Int(region.Layout.DoneRing + (doneHead % Slots * sizeof(int)));
        if ((uint)slot >= (uint)Slots || Volatile.Read(ref region.Long(RegionLayout.DoneTail)) - doneHead > Slots)
        {
            doneHead = Volatile.Read(ref region.Long(RegionLayout.DoneTail));
            Fail("its shared memory holds results that cannot be");
            return false;
        }

        doneHead++;
        var header = new SlotHeader(region, slot);
        var (kind, message) = header.Outcome switch
        {
            SlotOutcome.Completed => (LinkEventKind.Completed, null),
            SlotOutcome.Cancelled => (LinkEventKind.Cancelled, null),
            _ => (LinkEventKind.Failed, header.Message),
        };
        var told = new LinkEvent(kind, header.AnswersTicket, Number, null, header.Loss, header.ComputeTime, message)
        {
            Started = header.Started,
            Span = header.Span,
        };
        peerEvent = new PeerEvent(this, told) { Slot = slot };
        return true;
    }

    public override int Handle => Failure is null && events.Listens ? bell.Number : -1;

    public override void Hear() => ResultReady(look);

    public override void Withdraw(int slot, long ticket) => new SlotHeader(region, slot).Withdraw(ticket);

    public override void Tick()
    {
        // The server may be about to sleep on what is taken away here.
        if (events.Listens && ResultReady(look))
        {
            events.Ring();
        }

        if (silence.Lasts(Volatile.Read(ref signs), !reports) >= limits.Ticks(limits.Silence))
        {
            Fail($"it gave no sign of life for {limits.Silence / 1000.0} s");
        }
    }

    /// <summary>Stays until the host is gone, and tells so.</summary>
    public void Read()
    {
        if (!events.Listens)
        {
            Listen();
        }

        lock (departure)
        {
            while (Failure is null)
            {
                Monitor.Wait(departure);
            }
        }

        events.Report(new PeerEvent(this, LinkEventKind.HostLeft, Failure));
    }

    public override void Farewell()
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            new SlotHeader(region, slot).TraceRequested = TraceRequested(slot);
        }

        Volatile.Write(ref region.Int(RegionLayout.Ended), 1);
    }

    public override void Close()
    {
        Fail("the run is over");
        reader.Join();
    }

    public override void FreeMemory()
    {
        region.Dispose();
        bell.Dispose();
    }

    protected override void Hand(int slot, int buffer, bool present, in Work work)
    {
        // Neither what is sent nor a result is copied; they are counted as what the host reads and
        // writes.
        bytesDown += present ? 0 : work.Sent.Length * sizeof(float);
        if (work.State is { } state)
        {
            state.Span.CopyTo(region.State[slot].Span);
            bytesDown += state.Length * sizeof(float);
        }

        new SlotHeader(region, slot).TraceRequested = TraceRequested(slot);
        new SlotHeader(region, slot).Write(work, sent.PlaceOf(work.Sent));
        region.Int(region.Layout.WorkRing + (workTail % Slots * sizeof(int))) = slot;
        Volatile.Write(ref region.Long(RegionLayout.WorkTail), ++workTail);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref region.Int(RegionLayout.HostDozes)) != 0 && Interlocked.Exchange(ref region.Int(RegionLayout.HostDozes), 0) != 0)
        {
            Ring();
        }
    }

    protected override void Disconnect()
    {
        bell.ShutDown();
        socket.Dispose();
        lock (departure)
        {
            Monitor.Pulse(departure);
        }
    }

    // Takes what has been rung; a host that hung up is gone. Returns whether there was anything.
    private bool ResultReady(ReadBytes receive)
    {
        if (Failure is not null)
        {
            return false;
        }

        try
        {
            var count = receive(heard);
            if (count == 0)
            {
                Fail(region.Int(RegionLayout.HostLeft) != 0 ? "it left" : "its process is gone");
            }
            else if (count > 0)
            {
                Volatile.Write(ref signs, signs + 1);
            }

            return count >= 0;
        }
        catch (IOException e)
        {
            Fail($"its doorbell broke ({e.Message})");
            return true;
        }
    }

    // Brings what the host has put into its ring, until it is gone; in its stead the server's
    // thread does, where it waits.
    private void Listen()
    {
        var spin = new Spin();
        while (Failure is null)
        {
            BringAll();
            if (spin.For(this, static peer => peer.HasResult))
            {
                continue;
            }

            WantsRings(true);
            Interlocked.MemoryBarrier();
            if (!HasResult)
            {
                ResultReady(listen);
            }

            WantsRings(false);
        }

        BringAll();
    }

    // The server's step may be made here.
    private void BringAll()
    {
        while (TryTake(out var peerEvent))
        {
            reports = true;
            events.Report(peerEvent);
            reports = false;
        }
    }

    private void Ring()
    {
        try
        {
            // A host that never answers its bell fills the socket; the server does not wait for it.
            if (RawSocket.Send(bell, Byte, [], []) == 0)
            {
                Fail("it does not answer its doorbell");
            }
        }
        catch (IOException e)
        {
            Fail($"its doorbell broke ({e.Message})");
        }
    }
}

using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A worker host of this machine. Work goes through one ring of slot numbers, results through another; what the host wrote is checked before it is believed.
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
    private readonly INewsDesk desk;
    private readonly Limits limits;
    private readonly Standstill silence = new();
    private long workTail;
    private long doneHead;
    private long bytesDown;
    private long signs;

    // Whether the thread that listens is bringing what it heard.
    private volatile bool reports;

    public SharedPeer(int number, Guest guest, Region region, SentMemory sent, Visitor visitor, INewsDesk desk, Limits limits)
        : base(number, guest, region.Layout.Slots)
    {
        (this.region, this.sent, socket, reader, this.desk, this.limits) = (region, sent, visitor.Socket, visitor.Thread, desk, limits);
        bell = new RawSocket(socket);
        (look, listen) = (bell.Receive, bell.AwaitAndReceive);
    }

    public override long BytesDown => bytesDown;

    public override long BytesUp => Pushes * region.Layout.ResultLength * sizeof(float);

    /// <summary>Whether the host has put something into its ring.</summary>
    public bool HasResult => Volatile.Read(ref region.Long(RegionLayout.DoneTail)) != doneHead;

    public override NativeVector ResultOf(int slot) => region.Results[slot];

    /// <summary>Asks the host to ring when it has a result.</summary>
    public void WantsRings(bool wanted) => Volatile.Write(ref region.Int(RegionLayout.ServerDozes), wanted ? 1 : 0);

    /// <summary>The host's next result.</summary>
    public override bool TryTake(out PeerNews news)
    {
        news = default;
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
        var card = new Card(region, slot);
        var (kind, message) = card.Outcome switch
        {
            CardOutcome.Completed => (PeerNewsKind.Completed, null),
            CardOutcome.Cancelled => (PeerNewsKind.Cancelled, null),
            _ => (PeerNewsKind.Failed, card.Message),
        };
        news = new PeerNews(kind, this, slot, card.AnswersTicket, card.Loss, card.ComputeTime, true, message) { Started = card.Started, Span = card.Span };
        return true;
    }

    public override int Handle => Failure is null && desk.Listens ? bell.Number : -1;

    public override void Hear() => Heard(look);

    public override void Withdraw(int slot, long ticket) => new Card(region, slot).Withdraw(ticket);

    public override void Tick()
    {
        // The server may be about to sleep on what is taken away here.
        if (desk.Listens && Heard(look))
        {
            desk.Ring();
        }

        if (silence.Lasts(Volatile.Read(ref signs), !reports) >= limits.Ticks(limits.Silence))
        {
            Fail($"it gave no sign of life for {limits.Silence / 1000.0} s");
        }
    }

    /// <summary>Stays until the host is gone, and tells so.</summary>
    public void Read()
    {
        if (!desk.Listens)
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

        desk.Tell(new PeerNews(PeerNewsKind.Left, this, 0, 0, 0, 0, true, Failure));
    }

    public override void Farewell()
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            new Card(region, slot).Wanted = Wanted(slot);
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
        // Neither what is sent nor a result is copied; they are counted as what the host reads and writes.
        bytesDown += present ? 0 : work.Sent.Length * sizeof(float);
        if (work.State is { } state)
        {
            state.Span.CopyTo(region.State[slot].Span);
            bytesDown += state.Length * sizeof(float);
        }

        new Card(region, slot).Wanted = Wanted(slot);
        new Card(region, slot).Write(work, sent.PlaceOf(work.Sent));
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
    private bool Heard(ReadBytes receive)
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

    // Brings what the host has put into its ring, until it is gone; in its stead the server's thread does, where it waits.
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
                Heard(listen);
            }

            WantsRings(false);
        }

        BringAll();
    }

    // The server's step may be made here.
    private void BringAll()
    {
        while (TryTake(out var news))
        {
            reports = true;
            desk.Tell(news);
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

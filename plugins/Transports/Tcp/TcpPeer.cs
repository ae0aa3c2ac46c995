using System.Buffers.Binary;
using System.Net.Sockets;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A worker host at the other end of a TCP connection. On Linux, without TLS, the server's thread
/// reads and writes what can be read and written at once; what the connection does not take goes to
/// a thread that writes, and while the server is busy with something else another one reads. Where
/// no thread of the server waits, the one that reads always does. Under TLS, and elsewhere, these
/// two do it all.
/// </summary>
internal sealed partial class TcpPeer : Peer
{
    private const int SlowestBytesPerMillisecond = 50;

    private readonly Socket socket;
    private readonly RawSocket? direct;
    private readonly LinkTerms terms;
    private readonly IPeerEvents events;
    private readonly Limits limits;
    private readonly Outstanding outstanding;
    private readonly NativeVector?[] results;
    private readonly FrameReader frameReader;
    private readonly FrameWriter frameWriter;
    private readonly Thread reader;
    private readonly Thread writer;
    private readonly Queue<Outgoing> outgoing = new();
    private readonly byte[] header = new byte[Frame.HeaderLength];
    private readonly object standIn = new();
    private bool closing;
    private bool writes;

    // By slot, the ticket whose spans are wanted.
    private readonly byte[] farewell;

    // Whether the thread that reads is bringing what it read.
    private volatile bool reports;

    // Whoever reads, for one step.
    private int reading;

    // Whoever writes: which contents each of the host's buffers was sent last.
    private readonly long[] contents;

    // By slot: the ticket that need not be sent any more.
    private readonly long[] withdrawn;

    // Work that was sent to its last byte.
    private long wholeWork;

    // The watch's alone.
    private readonly StallDetector silence = new();
    private readonly StallDetector frame = new();
    private readonly StallDetector stuck = new();

    public TcpPeer(int number, HostIdentity identity, int slots, PendingConnection connection, Stream stream, LinkTerms terms, IPeerEvents events, Limits limits)
        : base(number, identity, slots)
    {
        (socket, reader, this.terms, this.events, this.limits) = (connection.Socket, connection.Thread, terms, events, limits);
        (contents, withdrawn, results) = (new long[slots], new long[slots], new NativeVector?[slots]);
        farewell = new byte[slots * sizeof(long)];
        outstanding = new Outstanding(slots);
        direct = OperatingSystem.IsLinux() && stream is NetworkStream ? new RawSocket(socket) : null;
        frameReader = new FrameReader(direct is null ? stream.Read : events.Listens ? direct.Receive : direct.AwaitAndReceive, terms, outstanding, ResultOf);
        frameWriter = new FrameWriter(stream);
        TcpLink.LeaveToItsWatch(socket);
        writer = new Thread(Write, maxStackSize: 256 << 10) { IsBackground = true, Name = $"to host {number}" };
        writer.Start();
    }

    public override bool Reports => reports;

    public override long BytesDown => frameWriter.Bytes;

    public override long BytesUp => frameReader.Bytes;

    public override bool SearchesResults
    {
        set => frameReader.Searches = value;
    }

    public override NativeVector ResultOf(int slot) => results[slot]!;

    public override int Handle => Failure is null && direct is not null && events.Listens ? direct.Number : -1;

    public override void Withdraw(int slot, long ticket)
    {
        Volatile.Write(ref withdrawn[slot], ticket);
        Give(new Outgoing(Frame.Short(FrameKind.Cancel, slot, ticket), default));
    }

    public override bool TryTake(out PeerEvent peerEvent)
    {
        peerEvent = default;
        if (direct is null || Failure is not null || Interlocked.Exchange(ref reading, 1) != 0)
        {
            return false;
        }

        try
        {
            return TakeOne(out peerEvent);
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }

    /// <summary>
    /// Stays until the host is gone, and tells so at the end, when no thread but the server's
    /// touches any of the server's memory any more.
    /// </summary>
    public void Read()
    {
        if (direct is null || !events.Listens)
        {
            while (Failure is null)
            {
                if (TakeOne(out var peerEvent))
                {
                    Report(peerEvent);
                }
            }
        }
        else
        {
            StandIn(direct);
        }

        writer.Join();
        events.Report(new PeerEvent(this, LinkEventKind.HostLeft, Failure));
    }

    public override void Tick()
    {
        var patience = limits.Ticks(limits.Silence);
        if (silence.Lasts(frameReader.Bytes, !reports) >= patience)
        {
            Fail($"it sent nothing for {limits.Silence / 1000.0} s");
        }
        else if (frame.Lasts(frameReader.Frames, frameReader.InFrame && !reports) >= patience + limits.Ticks((terms.PushLength + terms.StateLength) * 4 / SlowestBytesPerMillisecond))
        {
            Fail("it took too long to send one frame");
        }
        else if (stuck.Lasts(frameWriter.Bytes, frameWriter.IsWriting && Interlocked.Read(ref wholeWork) <= frameReader.Answers) >= patience)
        {
            // A host that has work reads when it has done it; one that has none would read now.

            Fail($"it took nothing for {limits.Silence / 1000.0} s");
        }

        if (events.IsAway)
        {
            WakeStandIn();
        }
    }

    public override void Farewell()
    {
        lock (outgoing)
        {
            for (var slot = 0; slot < Slots; slot++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(farewell.AsSpan(slot * sizeof(long)), TraceRequested(slot));
            }

            closing = true;
            Monitor.Pulse(outgoing);
        }

        WakeStandIn();
    }

    public override void Close()
    {
        // The host hangs up when it has read the farewell. One that is busy may first take the rest
        // of a frame that has begun; one that is stuck is not waited for.
        if (!reader.Join(300) && !(writer.Join(limits.Parting) && reader.Join(300)))
        {
            Fail("the run is over");
            reader.Join();
        }
    }

    public override void FreeMemory()
    {
        foreach (var result in results)
        {
            result?.Dispose();
        }

        direct?.Dispose();
    }

    protected override void Hand(int slot, int buffer, bool present, in Work work)
    {
        results[slot] ??= new NativeVector(terms.PushLength + terms.StateLength);
        outstanding.Expect(slot, work);
        Give(new Outgoing(Frame.Of(work, slot, buffer, false, 0, TraceRequested(slot)), work));
    }

    protected override void Disconnect()
    {
        direct?.ShutDown();
        socket.Dispose();
        lock (outgoing)
        {
            Monitor.Pulse(outgoing);
        }

        WakeStandIn();
    }

    // One frame, as far as it has come; whatever is wrong with it ends the link.
    private bool TakeOne(out PeerEvent peerEvent)
    {
        peerEvent = default;
        try
        {
            while (frameReader.Read(this, out var told, out var over))
            {
                if (over)
                {
                    Fail("it left");
                    return false;
                }

                if (told is { } what)
                {
                    peerEvent = what;
                    return true;
                }
            }
        }
        catch (Exception e)
        {
            Fail(e is ProtocolException ? e.Message : e is EndOfStreamException ? "its connection ended" : $"its connection broke ({e.Message})");
        }

        return false;
    }

    // Reads while the server's thread does not, so that hosts need not wait for it and are not
    // taken for silent.
    private void StandIn(RawSocket from)
    {
        while (Failure is null)
        {
            lock (standIn)
            {
                if (Failure is null && !events.IsAway && !closing)
                {
                    Monitor.Wait(standIn);
                    continue;
                }
            }

            from.AwaitInput(limits.Tick);
            while (TryTake(out var peerEvent))
            {
                events.Report(peerEvent);
            }
        }
    }

    // The server's step may be made here.
    private void Report(in PeerEvent peerEvent)
    {
        reports = true;
        events.Report(peerEvent);
        reports = false;
    }

    private void WakeStandIn()
    {
        lock (standIn)
        {
            Monitor.Pulse(standIn);
        }
    }
}

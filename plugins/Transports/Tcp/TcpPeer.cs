using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A worker host at the other end of a TCP connection. On Linux, without TLS, the server's thread reads and writes what can be read and written at once; what
/// the connection does not take goes to a thread that writes, and while the server is busy with something else another one reads. Where no thread of the server
/// waits, the one that reads always does. Under TLS, and elsewhere, these two do it all.
/// </summary>
internal sealed class TcpPeer : Peer
{
    private const int SlowestBytesPerMillisecond = 50;

    private readonly Socket socket;
    private readonly RawSocket? direct;
    private readonly LinkTerms terms;
    private readonly INewsDesk desk;
    private readonly Limits limits;
    private readonly Outstanding outstanding;
    private readonly NativeVector?[] results;
    private readonly Intake intake;
    private readonly Outlet outlet;
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

    // The watch's alone.
    private readonly Standstill silence = new();
    private readonly Standstill frame = new();
    private readonly Standstill stuck = new();

    public TcpPeer(int number, Guest guest, int slots, Visitor visitor, Stream stream, LinkTerms terms, INewsDesk desk, Limits limits)
        : base(number, guest, slots)
    {
        (socket, reader, this.terms, this.desk, this.limits) = (visitor.Socket, visitor.Thread, terms, desk, limits);
        (contents, withdrawn, results) = (new long[slots], new long[slots], new NativeVector?[slots]);
        farewell = new byte[slots * sizeof(long)];
        outstanding = new Outstanding(slots);
        direct = OperatingSystem.IsLinux() && stream is NetworkStream ? new RawSocket(socket) : null;
        intake = new Intake(direct is null ? stream.Read : desk.Listens ? direct.Receive : direct.AwaitAndReceive, terms, outstanding, ResultOf);
        outlet = new Outlet(stream);
        writer = new Thread(Write, maxStackSize: 256 << 10) { IsBackground = true, Name = $"to host {number}" };
        writer.Start();
    }

    public override long BytesDown => outlet.Bytes;

    public override long BytesUp => intake.Bytes;

    public override bool SearchesResults
    {
        set => intake.Searches = value;
    }

    public override NativeVector ResultOf(int slot) => results[slot]!;

    public override int Handle => Failure is null && direct is not null && desk.Listens ? direct.Number : -1;

    public override void Withdraw(int slot, long ticket)
    {
        Volatile.Write(ref withdrawn[slot], ticket);
        Give(new Outgoing(Frame.Short(FrameKind.Cancel, slot, ticket), default));
    }

    public override bool TryTake(out PeerNews news)
    {
        news = default;
        if (direct is null || !desk.Listens || Failure is not null || Interlocked.Exchange(ref reading, 1) != 0)
        {
            return false;
        }

        try
        {
            return TakeOne(out news);
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }

    /// <summary>Stays until the host is gone, and tells so at the end, when no thread but the server's touches any of the server's memory any more.</summary>
    public void Read()
    {
        if (direct is null || !desk.Listens)
        {
            while (Failure is null)
            {
                if (TakeOne(out var news))
                {
                    Report(news);
                }
            }
        }
        else
        {
            StandIn(direct);
        }

        writer.Join();
        desk.Tell(new PeerNews(PeerNewsKind.Left, this, 0, 0, 0, 0, true, Failure));
    }

    public override void Tick()
    {
        var patience = limits.Ticks(limits.Silence);
        if (silence.Lasts(intake.Bytes, !reports) >= patience)
        {
            Fail($"it sent nothing for {limits.Silence / 1000.0} s");
        }
        else if (frame.Lasts(intake.Frames, intake.InFrame && !reports) >= patience + limits.Ticks((terms.PushLength + terms.StateLength) * 4 / SlowestBytesPerMillisecond))
        {
            Fail("it took too long to send one frame");
        }
        else if (stuck.Lasts(outlet.Bytes, outlet.IsWriting) >= patience)
        {
            Fail($"it took nothing for {limits.Silence / 1000.0} s");
        }

        if (desk.IsAway)
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
                BinaryPrimitives.WriteInt64LittleEndian(farewell.AsSpan(slot * sizeof(long)), Wanted(slot));
            }

            closing = true;
            Monitor.Pulse(outgoing);
        }

        WakeStandIn();
    }

    public override void Close()
    {
        // The host hangs up when it has read the farewell; one that is busy or stuck is not waited for.
        if (!reader.Join(300))
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
        Give(new Outgoing(Frame.Of(work, slot, buffer, false, 0, Wanted(slot)), work));
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
    private bool TakeOne(out PeerNews news)
    {
        news = default;
        try
        {
            while (intake.Read(this, out var told, out var over))
            {
                if (over)
                {
                    Fail("it left");
                    return false;
                }

                if (told is { } what)
                {
                    news = what;
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

    // Reads while the server's thread does not, so that hosts need not wait for it and are not taken for silent.
    private void StandIn(RawSocket from)
    {
        while (Failure is null)
        {
            lock (standIn)
            {
                if (Failure is null && !desk.IsAway && !closing)
                {
                    Monitor.Wait(standIn);
                    continue;
                }
            }

            from.AwaitInput(limits.Tick);
            while (TryTake(out var news))
            {
                desk.Tell(news);
            }
        }
    }

    // The server's step may be made here.
    private void Report(in PeerNews news)
    {
        reports = true;
        desk.Tell(news);
        reports = false;
    }

    private void WakeStandIn()
    {
        lock (standIn)
        {
            Monitor.Pulse(standIn);
        }
    }

    // Sends at once what the connection takes; the rest, and what comes behind it, is the writer's.
    private void Give(Outgoing next)
    {
        if (direct is not null && IsIdle() && !SendNow(direct, ref next))
        {
            return;
        }

        lock (outgoing)
        {
            outgoing.Enqueue(next);
            Monitor.Pulse(outgoing);
        }
    }

    private bool IsIdle()
    {
        lock (outgoing)
        {
            return outgoing.Count == 0 && !writes && !closing && Failure is null;
        }
    }

    // Returns whether something is left to send.
    private bool SendNow(RawSocket to, ref Outgoing next)
    {
        next = Prepared(next);
        next.Frame.Write(header);
        var sent = SentOf(next);
        var state = StateOf(next);
        try
        {
            var count = RawSocket.Send(to, header, sent, state);
            outlet.Count(count);
            next = next with { Gone = count };
            return count < header.Length + sent.Length + state.Length;
        }
        catch (IOException e)
        {
            Fail($"its connection broke ({e.Message})");
            return false;
        }
    }

    private void Write()
    {
        try
        {
            while (Next(out var next))
            {
                Send(next);
                outlet.Flush();
            }

            if (Failure is null)
            {
                outlet.Append(Frame.Short(FrameKind.Bye) with { Length = farewell.Length });
                outlet.Append(farewell);
                outlet.Flush();
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e)
        {
            Fail($"its connection broke ({e.Message})");
        }
    }

    private bool Next(out Outgoing next)
    {
        lock (outgoing)
        {
            writes = false;
            while (outgoing.Count == 0 && !closing && Failure is null)
            {
                Monitor.Wait(outgoing);
            }

            // A frame that has begun is ended before the farewell.
            next = default;
            writes = Failure is null && (!closing || (outgoing.TryPeek(out var first) && first.Gone > 0)) && outgoing.TryDequeue(out next);
            return writes;
        }
    }

    private void Send(Outgoing next)
    {
        if (next.Gone < 0)
        {
            if (next.Frame.Kind == FrameKind.Work && Volatile.Read(ref withdrawn[next.Frame.Slot]) == next.Work.Ticket)
            {
                outstanding.Clear(next.Frame.Slot);
                desk.Tell(new PeerNews(PeerNewsKind.Cancelled, this, next.Frame.Slot, next.Work.Ticket, double.NaN, 0, true, null));
                return;
            }

            next = Prepared(next);
        }

        next.Frame.Write(header);
        var gone = Append(header, next.Gone);
        gone = Append(SentOf(next), gone);
        Append(StateOf(next), gone);
    }

    // Without what has gone already; returns how much of what has gone lies behind it.
    private long Append(ReadOnlySpan<byte> data, long gone)
    {
        if (gone < data.Length)
        {
            outlet.Append(data[(int)gone..]);
        }

        return Math.Max(0, gone - data.Length);
    }

    // The frame as it is sent: with the parameters, or without where the host has them.
    private Outgoing Prepared(in Outgoing next)
    {
        var (frame, work) = (next.Frame, next.Work);
        if (frame.Kind != FrameKind.Work)
        {
            return next with { Gone = 0 };
        }

        var follows = work.SentNumber == 0 || contents[frame.Buffer] != work.SentNumber;
        contents[frame.Buffer] = work.SentNumber;
        var length = ((follows ? terms.SentLength : 0) + terms.StateLength) * sizeof(float);
        return new Outgoing(Frame.Of(work, frame.Slot, frame.Buffer, follows, length, frame.Wanted), work, 0);
    }

    private static ReadOnlySpan<byte> SentOf(in Outgoing next) =>
        (next.Frame.Flags & Frame.SentFollows) != 0 ? MemoryMarshal.AsBytes(next.Work.Sent.Span) : [];

    private static ReadOnlySpan<byte> StateOf(in Outgoing next) => next.Work.State is { } state ? MemoryMarshal.AsBytes(state.Span) : [];

    /// <param name="Frame">The header.</param>
    /// <param name="Work">What follows it, for work.</param>
    /// <param name="Gone">Bytes that are sent; below 0 while the frame is not prepared.</param>
    private readonly record struct Outgoing(Frame Frame, Work Work, long Gone = -1);
}

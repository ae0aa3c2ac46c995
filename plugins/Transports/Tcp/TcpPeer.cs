using System.Net.Sockets;
using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>A worker host at the other end of a TCP connection: one thread reads its results, one writes its work.</summary>
internal sealed class TcpPeer : Peer
{
    private const int SlowestBytesPerMillisecond = 50;

    private readonly Socket socket;
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
    private bool closing;

    // The writer's alone: which contents each of the host's buffers was sent last.
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
        outstanding = new Outstanding(slots);
        intake = new Intake(stream, terms, outstanding, ResultOf);
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

    public override void Withdraw(int slot, long ticket)
    {
        lock (outgoing)
        {
            withdrawn[slot] = ticket;
            outgoing.Enqueue(new Outgoing(Frame.Short(FrameKind.Cancel, slot, ticket), default));
            Monitor.Pulse(outgoing);
        }
    }

    /// <summary>Reads until the host is gone, and tells so at the end, when neither thread touches any of the server's memory any more.</summary>
    public void Read()
    {
        try
        {
            var over = false;
            while (!over)
            {
                if (intake.Read(this, out var news, out over))
                {
                    desk.Tell(news);
                }
            }

            Fail("it left");
        }
        catch (Exception e)
        {
            Fail(e is ProtocolException ? e.Message : e is EndOfStreamException ? "its connection ended" : $"its connection broke ({e.Message})");
        }

        writer.Join();
        desk.Tell(new PeerNews(PeerNewsKind.Left, this, 0, 0, 0, 0, true, Failure));
    }

    public override void Tick()
    {
        var patience = limits.Ticks(limits.Silence);
        if (silence.Lasts(intake.Bytes, true) >= patience)
        {
            Fail($"it sent nothing for {limits.Silence / 1000.0} s");
        }
        else if (frame.Lasts(intake.Frames, intake.InFrame) >= patience + limits.Ticks((terms.PushLength + terms.StateLength) * 4 / SlowestBytesPerMillisecond))
        {
            Fail("it took too long to send one frame");
        }
        else if (stuck.Lasts(outlet.Bytes, outlet.IsWriting) >= patience)
        {
            Fail($"it took nothing for {limits.Silence / 1000.0} s");
        }
    }

    public override void Farewell()
    {
        lock (outgoing)
        {
            closing = true;
            Monitor.Pulse(outgoing);
        }
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
    }

    protected override void Hand(int slot, int buffer, bool present, in Work work)
    {
        results[slot] ??= new NativeVector(terms.PushLength + terms.StateLength);
        outstanding.Expect(slot, work);
        lock (outgoing)
        {
            outgoing.Enqueue(new Outgoing(Frame.Of(work, slot, buffer, false, 0), work));
            Monitor.Pulse(outgoing);
        }
    }

    protected override void Disconnect()
    {
        socket.Dispose();
        lock (outgoing)
        {
            Monitor.Pulse(outgoing);
        }
    }

    private void Write()
    {
        try
        {
            while (Next(out var next))
            {
                if (next.Frame.Kind == FrameKind.Work)
                {
                    Send(next);
                }
                else
                {
                    outlet.Append(next.Frame);
                }

                outlet.Flush();
            }

            if (Failure is null)
            {
                outlet.Append(Frame.Short(FrameKind.Bye));
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
            while (outgoing.Count == 0 && !closing && Failure is null)
            {
                Monitor.Wait(outgoing);
            }

            next = default;
            return !closing && Failure is null && outgoing.TryDequeue(out next);
        }
    }

    private void Send(in Outgoing next)
    {
        var (frame, work) = (next.Frame, next.Work);
        if (Volatile.Read(ref withdrawn[frame.Slot]) == work.Ticket)
        {
            outstanding.Clear(frame.Slot);
            desk.Tell(new PeerNews(PeerNewsKind.Cancelled, this, frame.Slot, work.Ticket, double.NaN, 0, true, null));
            return;
        }

        var follows = work.SentNumber == 0 || contents[frame.Buffer] != work.SentNumber;
        contents[frame.Buffer] = work.SentNumber;
        var length = ((follows ? terms.SentLength : 0) + terms.StateLength) * sizeof(float);
        outlet.Append(Frame.Of(work, frame.Slot, frame.Buffer, follows, length));
        if (follows)
        {
            outlet.Append(MemoryMarshal.AsBytes(work.Sent.Span));
        }

        if (work.State is { } state)
        {
            outlet.Append(MemoryMarshal.AsBytes(state.Span));
        }
    }

    private readonly record struct Outgoing(Frame Frame, Work Work);
}

using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// A worker host's end. There is no reader thread: a compute thread that waits for work reads the
/// socket itself, so that work is computed by the thread that received it; while all compute, a
/// thread looks for cancellations between two gradients, and a timer reads what has come, so that
/// the server need not wait with what the operating system's buffers do not hold. Whoever has a
/// result writes it.
/// </summary>
internal sealed class TcpHostEnd : IHostEnd
{
    private const int LookoutPeriod = 250;

    private readonly object gate = new();
    private readonly object sending = new();
    private readonly Socket socket;
    private readonly Stream stream;
    private readonly LinkTerms terms;
    private readonly FrameWriter frameWriter;
    private readonly Timer alive;
    private readonly Timer lookout;
    private readonly byte[] header = new byte[Frame.HeaderLength];
    private readonly NativeVector?[] sent;
    private readonly Slot[] slots;
    private readonly Queue<int> ready = new();
    private readonly byte[] farewell;
    private bool reading;
    private bool closed;
    private string? fault;

    public TcpHostEnd(Socket socket, Stream stream, LinkTerms terms, int slotCount, int alivePeriod)
    {
        (this.socket, this.stream, this.terms) = (socket, stream, terms);
        frameWriter = new FrameWriter(stream, OperatingSystem.IsLinux() && stream is NetworkStream ? socket.SafeHandle : null);
        farewell = new byte[slotCount * sizeof(long)];
        sent = new NativeVector?[slotCount];
        slots = [.. Enumerable.Range(0, slotCount).Select(_ => new Slot())];
        alive = new Timer(_ => SendAlive(), null, alivePeriod, alivePeriod);
        lookout = new Timer(_ => ReadWhatHasCome(), null, LookoutPeriod, LookoutPeriod);
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

    public long TraceRequested(int slot) => BinaryPrimitives.ReadInt64LittleEndian(farewell.AsSpan(slot * sizeof(long)));

    public bool Receive(HostWork work, bool wait)
    {
        var hasRead = false;
        while (true)
        {
            lock (gate)
            {
                if (closed)
                {
                    return false;
                }

                if (ready.TryDequeue(out var index))
                {
                    Give(work, index, hasRead && ready.Count == 0);
                    if (!reading)
                    {
                        // Another one that waits may have been told of this work only.
                        Monitor.Pulse(gate);
                    }

                    return true;
                }

                if (reading && wait)
                {
                    Monitor.Wait(gate);
                    continue;
                }

                if (!wait && (reading || socket.Available == 0))
                {
                    return false;
                }

                reading = true;
            }

            ReadOne();
            hasRead = true;
        }
    }

    public bool IsCancelled(HostWork work)
    {
        while (!work.Cancelled)
        {
            lock (gate)
            {
                // Asked at once about work that has just come: what says otherwise can hardly have
                // come already.
                if (slots[work.Slot].IsFresh)
                {
                    slots[work.Slot].IsFresh = false;
                    break;
                }

                if (reading || closed || socket.Available == 0)
                {
                    break;
                }

                reading = true;
            }

            ReadOne();
        }

        return work.Cancelled;
    }

    public void Complete(HostWork work, double loss, long computeTime)
    {
        var answer = Answer(FrameKind.Result, work, work.Result.Length * sizeof(float)) with { Batch = computeTime, Number = loss, Trace = new SpanContext(0, 0, work.Span) };
        Send(answer, MemoryMarshal.AsBytes(work.Result.Span));
    }

    public void Abandon(HostWork work, string? message)
    {
        var text = message is null ? [] : System.Text.Encoding.UTF8.GetBytes(message.Length == 0 ? "?" : message);
        var cut = text.AsSpan(0, Math.Min(text.Length, Frame.LongestMessage));
        Send(Answer(FrameKind.Abandoned, work, cut.Length), cut);
    }

    public void Dispose()
    {
        if (Monitor.TryEnter(sending))
        {
            try
            {
                if (!closed)
                {
                    frameWriter.Append(Frame.Short(FrameKind.Bye));
                    frameWriter.Flush();
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                Close($"the connection broke ({e.Message})");
            }
            finally
            {
                Monitor.Exit(sending);
            }
        }

        Close(null);
    }

    private static Frame Answer(FrameKind kind, HostWork work, int length) =>
        new(length, kind, 0, work.Slot, 0, work.Work.Worker, work.Work.Ticket, work.Work.Gradient, 0, 0, 0);

    private void Give(HostWork work, int index, bool isFresh)
    {
        var slot = slots[index];
        (work.Work, work.Result, work.Slot, work.Cancelled, work.TraceRequested) = (slot.Work, slot.Result!, index, slot.Cancelled, slot.TraceRequested);
        (slot.Holder, slot.IsFresh) = (work, isFresh);
    }

    private void ReadWhatHasCome()
    {
        try
        {
            while (true)
            {
                lock (gate)
                {
                    if (reading || closed || socket.Available == 0)
                    {
                        return;
                    }

                    reading = true;
                }

                ReadOne();
            }
        }
        catch (Exception e)
        {
            // Nobody else would hear of it.
            Close($"what the run sent could not be taken ({e.Message})");
        }
    }

    // With the role of the reader; gives it up.
    private void ReadOne()
    {
        try
        {
            if (ReadFrame())
            {
                Close(null);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or ProtocolException or SocketException)
        {
            Close(e is EndOfStreamException ? "the run's process is gone" : $"the connection to the run broke ({e.Message})");
        }
        finally
        {
            lock (gate)
            {
                reading = false;
                Monitor.Pulse(gate);
            }
        }
    }

    private bool ReadFrame()
    {
        stream.ReadExactly(header);
        var frame = Frame.Read(header);
        switch (frame.Kind)
        {
            case FrameKind.Work:
                ReadWork(frame);
                return false;
            case FrameKind.Cancel:
                Cancel(frame);
                return false;
            case FrameKind.Bye:
                ReadFarewell(frame);
                return true;
            default:
                throw new ProtocolException("it sent a frame of an unknown kind");
        }
    }

    private void ReadWork(in Frame frame)
    {
        var follows = (frame.Flags & Frame.SentFollows) != 0;
        if (frame.Slot >= slots.Length || frame.Buffer >= sent.Length || frame.Length != ((follows ? terms.SentLength : 0) + terms.StateLength) * sizeof(float)
            || (!follows && sent[frame.Buffer] is null))
        {
            throw new ProtocolException("it sent work that does not fit what was agreed on");
        }

        var slot = slots[frame.Slot];
        slot.Result ??= new NativeVector(terms.PushLength + terms.StateLength);
        slot.State ??= terms.StateLength > 0 ? new NativeVector(terms.StateLength) : null;
        var parameters = sent[frame.Buffer] ??= new NativeVector(terms.SentLength);
        if (follows)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(parameters.Span));
        }

        if (slot.State is { } state)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(state.Span));
        }

        lock (gate)
        {
            slot.Work = new Work(frame.Ticket, frame.Worker, frame.Gradient, frame.Batch, frame.Version, frame.Number, parameters, slot.State) { Trace = frame.Trace };
            slot.TraceRequested = frame.TraceRequested;
            (slot.Cancelled, slot.Holder) = (false, null);
            ready.Enqueue(frame.Slot);
        }
    }

    private void ReadFarewell(in Frame frame)
    {
        if (frame.Length != farewell.Length)
        {
            throw new ProtocolException("it sent a farewell that does not fit what was agreed on");
        }

        stream.ReadExactly(farewell);
    }

    private void Cancel(in Frame frame)
    {
        lock (gate)
        {
            if (frame.Slot < slots.Length && slots[frame.Slot] is { } slot && slot.Work.Ticket == frame.Ticket)
            {
                slot.Cancelled = true;
                if (slot.Holder is { } holder && holder.Work.Ticket == frame.Ticket)
                {
                    holder.Cancelled = true;
                }
            }
        }
    }

    private void Send(in Frame frame, ReadOnlySpan<byte> data)
    {
        try
        {
            lock (sending)
            {
                frameWriter.Send(frame, data);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            HearFarewell($"the connection to the run broke ({e.Message})");
        }
    }

    // A server that ended the run may close before it has read this result; its farewell came
    // before.
    private void HearFarewell(string why)
    {
        lock (gate)
        {
            if (closed || reading)
            {
                return;
            }

            reading = true;
        }

        var over = false;
        try
        {
            while (!over)
            {
                over = ReadFrame();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or ProtocolException or SocketException)
        {
            Close(why);
        }

        Close(null);
        lock (gate)
        {
            reading = false;
            Monitor.PulseAll(gate);
        }
    }

    private void SendAlive()
    {
        if (!Monitor.TryEnter(sending))
        {
            return;
        }

        try
        {
            frameWriter.Append(Frame.Short(FrameKind.Alive));
            frameWriter.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            alive.Dispose();
        }
        finally
        {
            Monitor.Exit(sending);
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
                lookout.Dispose();
                socket.Dispose();
            }

            Monitor.PulseAll(gate);
        }
    }

    private sealed class Slot
    {
        public Work Work;
        public NativeVector? Result;
        public NativeVector? State;
        public HostWork? Holder;
        public bool Cancelled;
        public bool IsFresh;
        public long TraceRequested;
    }
}

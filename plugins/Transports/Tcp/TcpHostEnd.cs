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
internal sealed partial class TcpHostEnd : IHostEnd
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

using System.Net.Sockets;
using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <content>What comes from the server, and who reads it.</content>
internal sealed partial class TcpHostEnd
{
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
}

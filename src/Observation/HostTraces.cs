using System.Buffers.Binary;
using System.Diagnostics;
using Orchestrator.Abstractions;
using Orchestrator.Engine;

namespace Orchestrator.Observation;

/// <summary>
/// A worker host's part of each push's trace: compute and push, children of the pull whose name
/// came with the work. Whether they are wanted is known only when the push has arrived at the
/// server, whose next word to the slot says so; until then the slot's last spans are kept. Used by
/// all compute threads.
/// </summary>
/// <param name="source">Where the host's spans come from; disposed of with this.</param>
public sealed class HostTraces(ActivitySource source) : IHostTraces, IDisposable
{
    private readonly object gate = new();
    private readonly Dictionary<int, Kept> bySlot = [];

    public int Host { get; set; }

    public ulong Computed(HostWork work, long started, long computed)
    {
        if (work.Work.Trace.IsNone)
        {
            return 0;
        }

        KeyValuePair<string, object?>[] tags =
        [
            new(TelemetryNames.WorkerAttribute, work.Work.Worker), new(TelemetryNames.GradientAttribute, work.Work.Gradient), new(TelemetryNames.HostAttribute, Host),
        ];
        var outer = Activity.Current;
        var compute = source.StartActivity(TelemetryNames.ComputeSpan, ActivityKind.Consumer, RunTraces.ContextOf(work.Work.Trace), tags, startTime: WallTime.Utc(started));
        compute?.SetEndTime(WallTime.Utc(computed));
        var push = compute is null
            ? null
            : source.StartActivity(TelemetryNames.PushSpan, ActivityKind.Producer, compute.Context, tags, startTime: WallTime.Utc(computed));
        Activity.Current = outer;
        if (push is null)
        {
            return 0;
        }

        lock (gate)
        {
            bySlot[work.Slot] = new Kept(work.Work.Ticket, compute!, push);
        }

        Span<byte> id = stackalloc byte[8];
        push.SpanId.CopyTo(id);
        return BinaryPrimitives.ReadUInt64BigEndian(id);
    }

    public void Sent(HostWork work)
    {
        lock (gate)
        {
            // The slot may have gone on to its next push meanwhile.
            if (bySlot.TryGetValue(work.Slot, out var kept) && kept.Ticket == work.Work.Ticket)
            {
                kept.Push.SetEndTime(WallTime.Utc(WallTime.Now));
            }
        }
    }

    public void Decide(int slot, long wanted)
    {
        Kept kept;
        lock (gate)
        {
            if (!bySlot.Remove(slot, out kept) || kept.Ticket != wanted)
            {
                return;
            }
        }

        var outer = Activity.Current;
        kept.Compute.Stop();
        kept.Push.Stop();
        Activity.Current = outer;
    }

    public void Settle(IHostEnd link)
    {
        List<int> slots;
        lock (gate)
        {
            slots = [.. bySlot.Keys];
        }

        slots.ForEach(slot => Decide(slot, link.TraceRequested(slot)));
    }

    public void Dispose() => source.Dispose();

    private readonly record struct Kept(long Ticket, Activity Compute, Activity Push);
}

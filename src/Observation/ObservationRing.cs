using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Observation;

/// <summary>
/// A bounded queue of pushes and their times between one producing and one consuming thread,
/// without locks or allocation.
/// </summary>
/// <param name="capacity">A power of two.</param>
internal sealed class ObservationRing(int capacity)
{
    private readonly (PushRecord Record, PushTimes Times)[] slots = new (PushRecord, PushTimes)[capacity];
    private Positions positions;

    /// <summary>Pushes added and not yet taken.</summary>
    public long Waiting => Volatile.Read(ref positions.Added) - Volatile.Read(ref positions.Taken);

    /// <summary>Producer only; false when full.</summary>
    public bool TryAdd(in PushRecord record, in PushTimes times)
    {
        if (Waiting == slots.Length)
        {
            return false;
        }

        ref var slot = ref slots[(int)positions.Added & (slots.Length - 1)];
        (slot.Record, slot.Times) = (record, times);
        Volatile.Write(ref positions.Added, positions.Added + 1);
        return true;
    }

    /// <summary>Consumer only; false when empty.</summary>
    public bool TryTake(out PushRecord record, out PushTimes times)
    {
        if (Waiting == 0)
        {
            (record, times) = (default, default);
            return false;
        }

        (record, times) = slots[(int)positions.Taken & (slots.Length - 1)];
        Volatile.Write(ref positions.Taken, positions.Taken + 1);
        return true;
    }

    // Each thread's position on a cache line of its own.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Positions
    {
        [FieldOffset(64)]
        public long Added;

        [FieldOffset(192)]
        public long Taken;
    }
}

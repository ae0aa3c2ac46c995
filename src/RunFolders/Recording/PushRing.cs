using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// A bounded queue of push records between one producing and one consuming thread, without locks or
/// allocation.
/// </summary>
/// <param name="capacity">A power of two.</param>
internal sealed class PushRing(int capacity)
{
    private readonly PushRecord[] slots = new PushRecord[capacity];
    private Positions positions;

    public int Capacity => slots.Length;

    /// <summary>Records ever added. Producer only.</summary>
    public long Added => positions.Added;

    /// <summary>Producer only; false when full.</summary>
    public bool TryAdd(in PushRecord record)
    {
        var added = positions.Added;
        if (added - positions.TakenSeen == slots.Length)
        {
            positions.TakenSeen = Volatile.Read(ref positions.Taken);
            if (added - positions.TakenSeen == slots.Length)
            {
                return false;
            }
        }

        slots[(int)added & (slots.Length - 1)] = record;
        Volatile.Write(ref positions.Added, added + 1);
        return true;
    }

    /// <summary>
    /// Consumer only: the oldest records, at most <paramref name="most"/>; theirs until
    /// <see cref="Release"/>.
    /// </summary>
    public ReadOnlySpan<PushRecord> Peek(int most)
    {
        var taken = positions.Taken;
        var start = (int)taken & (slots.Length - 1);
        var ready = (int)(Volatile.Read(ref positions.Added) - taken);
        return slots.AsSpan(start, Math.Min(Math.Min(ready, most), slots.Length - start));
    }

    /// <summary>Consumer only: gives the first <paramref name="count"/> slots back.</summary>
    public void Release(int count) => Volatile.Write(ref positions.Taken, positions.Taken + count);

    // Each thread's position on cache lines of its own.
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Positions
    {
        [FieldOffset(128)]
        public long Added;

        [FieldOffset(136)]
        public long TakenSeen;

        [FieldOffset(256)]
        public long Taken;
    }
}

using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// Where things lie in a host's shared memory. Both sides compute it from the lengths agreed on.
/// Words that one side writes while the other reads have cache lines of their own.
/// </summary>
internal sealed class RegionLayout
{
    public const int ServerDozes = 0;
    public const int HostDozes = 64;
    public const int WorkTail = 128;
    public const int DoneTail = 192;
    public const int Ended = 256;
    public const int HostLeft = 260;

    public const int LongestMessage = 1_024;
    private const int Control = 4_096;
    private const int SlotHeaderLength = 192 + LongestMessage;
    private const int Alignment = 64;

    public RegionLayout(LinkTerms terms, int slots)
    {
        (Slots, StateLength, ResultLength) = (slots, terms.StateLength, checked(terms.PushLength + terms.StateLength));
        long at = Control;
        WorkRing = Reserve(ref at, sizeof(int), slots);
        DoneRing = Reserve(ref at, sizeof(int), slots);
        SlotHeaders = Reserve(ref at, SlotHeaderLength, slots);
        (StateStride, ResultStride) = (Aligned((long)StateLength * sizeof(float)), Aligned((long)ResultLength * sizeof(float)));
        State = Reserve(ref at, StateStride, slots);
        Results = Reserve(ref at, ResultStride, slots);
        Bytes = at;
    }

    public int Slots { get; }

    public int StateLength { get; }

    /// <summary>Push, buffers, state.</summary>
    public int ResultLength { get; }

    public long WorkRing { get; }

    public long DoneRing { get; }

    public long SlotHeaders { get; }

    public long State { get; }

    public long Results { get; }

    public long StateStride { get; }

    public long ResultStride { get; }

    /// <summary>All of it.</summary>
    public long Bytes { get; }

    public long SlotHeader(int slot) => SlotHeaders + ((long)slot * SlotHeaderLength);

    public static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private static long Reserve(ref long at, long each, int count)
    {
        var place = at;
        at = Aligned(at + (each * count));
        return place;
    }
}

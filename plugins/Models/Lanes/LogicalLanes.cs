namespace Orchestrator.Models;

/// <summary>
/// Sums over the samples of a batch run in 16 lanes whatever the vector width, so that their bits
/// are the same everywhere: sample i belongs to lane i mod 16. Where vectors are narrower,
/// neighbouring chunks take turns in holding the lanes: a stripe of 2 chunks of 8, or of 4 chunks
/// of 4, stands for one vector of 16.
/// </summary>
internal static class LogicalLanes<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    public const int Count = 16;

    /// <summary>Chunks in a stripe.</summary>
    public static int ChunksPerStripe => Count / TLanes.Count;

    /// <summary>
    /// Which of a stripe's chunks this one is: its sums are kept apart from those of the others.
    /// </summary>
    public static int PlaceOf(int chunk) => chunk % ChunksPerStripe;
}

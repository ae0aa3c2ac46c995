namespace Orchestrator.Models;

/// <summary>
/// Sums over the 16 logical lanes, in their order. They start from zero, so that no sum is a
/// negative zero: whether lanes without a sample take part makes no difference then.
/// </summary>
internal static unsafe class LaneSums<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary><c>sums[i]</c> = lanes of the vectors i of all of a stripe's parts.</summary>
    /// <param name="vectors">Of the stripe's first chunk.</param>
    /// <param name="partFloats">From one chunk's vectors to the next's.</param>
    /// <param name="sums">Receives the sums.</param>
    /// <param name="count">How many.</param>
    public static void Fold(float* vectors, nint partFloats, float* sums, int count)
    {
        var block = stackalloc float[TLanes.Count * TLanes.Count];
        TLanes.Allocated(block, TLanes.Count * TLanes.Count);
        var parts = LogicalLanes<TLanes>.ChunksPerStripe;
        var i = 0;
        for (; i + TLanes.Count <= count; i += TLanes.Count)
        {
            var sum = TLanes.Create(0);
            for (var part = 0; part < parts; part++)
            {
                TLanes.Transpose(vectors + (part * partFloats) + ((nint)i * TLanes.Count), TLanes.Count, block, TLanes.Count);
                for (var lane = 0; lane < TLanes.Count; lane++)
                {
                    sum += TLanes.Load(block + (lane * TLanes.Count));
                }
            }

            TLanes.Store(sums + i, sum);
        }

        for (; i < count; i++)
        {
            var sum = 0f;
            for (var part = 0; part < parts; part++)
            {
                var vector = vectors + (part * partFloats) + ((nint)i * TLanes.Count);
                for (var lane = 0; lane < TLanes.Count; lane++)
                {
                    sum += vector[lane];
                }
            }

            sums[i] = sum;
        }
    }
}

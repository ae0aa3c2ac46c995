namespace Orchestrator.Models;

/// <summary>Sums over the lanes of vectors, in the order of the lanes.</summary>
internal static unsafe class LaneSums<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary><c>sums[i]</c> = lanes of vector i.</summary>
    public static void Fold(float* vectors, float* sums, int count)
    {
        var block = stackalloc float[TLanes.Count * TLanes.Count];
        TLanes.Allocated(block, TLanes.Count * TLanes.Count);
        var i = 0;
        for (; i + TLanes.Count <= count; i += TLanes.Count)
        {
            TLanes.Transpose(vectors + ((nint)i * TLanes.Count), TLanes.Count, block, TLanes.Count);
            var sum = TLanes.Load(block);
            for (var lane = 1; lane < TLanes.Count; lane++)
            {
                sum += TLanes.Load(block + (lane * TLanes.Count));
            }

            TLanes.Store(sums + i, sum);
        }

        for (; i < count; i++)
        {
            var vector = vectors + ((nint)i * TLanes.Count);
            var sum = vector[0];
            for (var lane = 1; lane < TLanes.Count; lane++)
            {
                sum += vector[lane];
            }

            sums[i] = sum;
        }
    }
}

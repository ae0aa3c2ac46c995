namespace Orchestrator.Models;

/// <summary>Turns vectors, whose lanes are samples, into a row per sample.</summary>
internal static unsafe class Transposition<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary><c>rows[lane][i]</c> = lane of vector i.</summary>
    public static void Transpose(float* vectors, int count, float* rows, nint rowStride)
    {
        var i = 0;
        for (; i + TLanes.Count <= count; i += TLanes.Count)
        {
            TLanes.Transpose(vectors + ((nint)i * TLanes.Count), TLanes.Count, rows + i, rowStride);
        }

        for (; i < count; i++)
        {
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                rows[(lane * rowStride) + i] = vectors[((nint)i * TLanes.Count) + lane];
            }
        }
    }
}

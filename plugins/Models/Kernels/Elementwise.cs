namespace Orchestrator.Models;

/// <summary>Passes over the vectors of one chunk.</summary>
internal static unsafe class Elementwise<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Zeroes the gradients of outputs that a rectifier holds at zero.</summary>
    public static void MaskWhereNotPositive(float* values, float* gradients, int vectors)
    {
        var zero = TLanes.Create(0);
        for (nint i = 0; i < (nint)vectors * TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(gradients + i, TLanes.Select(TLanes.Greater(TLanes.Load(values + i), zero), TLanes.Load(gradients + i), zero));
        }
    }

    /// <summary>Adds all places to one vector per channel.</summary>
    public static void AddPlaces(float* source, int places, int channels, float* sums)
    {
        for (; places > 0; places--, source += channels * TLanes.Count)
        {
            for (nint i = 0; i < channels * TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(sums + i, TLanes.Load(sums + i) + TLanes.Load(source + i));
            }
        }
    }

    public static void Copy(float* source, float* destination, int vectors)
    {
        for (nint i = 0; i < (nint)vectors * TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(destination + i, TLanes.Load(source + i));
        }
    }

    /// <summary>Adds to the destination, or overwrites it.</summary>
    public static void Give(float* source, float* destination, int vectors, bool adds)
    {
        if (adds)
        {
            Add(source, destination, vectors);
        }
        else
        {
            Copy(source, destination, vectors);
        }
    }

    public static void Add(float* source, float* destination, int vectors)
    {
        for (nint i = 0; i < (nint)vectors * TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(destination + i, TLanes.Load(destination + i) + TLanes.Load(source + i));
        }
    }
}

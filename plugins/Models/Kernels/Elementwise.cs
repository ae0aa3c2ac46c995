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

    /// <summary>Adds all places to one vector per channel, place by place.</summary>
    /// <param name="source">The first place's first channel.</param>
    /// <param name="places">How many.</param>
    /// <param name="channels">Neighbouring vectors at every place.</param>
    /// <param name="step">Floats from one place to the next.</param>
    /// <param name="sums">One vector per channel.</param>
    public static void AddPlaces(float* source, int places, int channels, nint step, float* sums)
    {
        for (int taken; channels > 0; channels -= taken, source += taken * TLanes.Count, sums += taken * TLanes.Count)
        {
            taken = channels switch
            {
                >= 8 => AddPlaces<Tile2<Row4<TLanes>, TLanes>>(source, places, step, sums),
                >= 6 => AddPlaces<Tile2<Row3<TLanes>, TLanes>>(source, places, step, sums),
                >= 4 => AddPlaces<Tile1<Row4<TLanes>, TLanes>>(source, places, step, sums),
                >= 2 => AddPlaces<Tile1<Row2<TLanes>, TLanes>>(source, places, step, sums),
                _ => AddPlaces<Tile1<Row1<TLanes>, TLanes>>(source, places, step, sums),
            };
        }
    }

    private static int AddPlaces<TTile>(float* source, int places, nint step, float* sums) where TTile : unmanaged, ITile<TTile>
    {
        var row = (nint)TTile.Columns * TLanes.Count;
        var tile = TTile.Load(sums, row, TLanes.Count);
        for (; places > 0; places--, source += step)
        {
            tile.Add(source, row, TLanes.Count);
        }

        tile.Store(sums, row, TLanes.Count);
        return TTile.Rows * TTile.Columns;
    }

    public static void Copy(float* source, float* destination, int vectors)
    {
        for (nint i = 0; i < (nint)vectors * TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(destination + i, TLanes.Load(source + i));
        }
    }

    /// <summary>Adds to the destination, or overwrites it.</summary>
    public static void CopyOrAdd(float* source, float* destination, int vectors, bool adds)
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

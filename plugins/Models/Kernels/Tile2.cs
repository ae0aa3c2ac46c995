using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>2 rows.</summary>
internal unsafe struct Tile2<TRow, TLanes> : ITile<Tile2<TRow, TLanes>>, IProductTile<TRow>
    where TRow : unmanaged, IRow<TRow, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private TRow r0, r1;

    public static int Rows => 2;

    public static int Columns => TRow.Columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tile2<TRow, TLanes> FillRows(float* values)
    {
        Tile2<TRow, TLanes> tile;
        tile.r0 = TRow.Fill(TLanes.Broadcast(values));
        tile.r1 = TRow.Fill(TLanes.Broadcast(values + 1));
        return tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tile2<TRow, TLanes> Load(float* source, nint rowStride, nint columnStride)
    {
        Tile2<TRow, TLanes> tile;
        tile.r0 = TRow.Load(source, columnStride);
        tile.r1 = TRow.Load(source + rowStride, columnStride);
        return tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination, nint rowStride, nint columnStride)
    {
        r0.Store(destination, columnStride);
        r1.Store(destination + rowStride, columnStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float* source, nint rowStride, nint columnStride)
    {
        r0 = r0.Add(TRow.Load(source, columnStride));
        r1 = r1.Add(TRow.Load(source + rowStride, columnStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddOuter(float* factors, nint factorRow, float* x, nint columnStride)
    {
        var row = TRow.Load(x, columnStride);
        r0.Accumulate(TLanes.Broadcast(factors), row);
        r1.Accumulate(TLanes.Broadcast(factors + factorRow), row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProducts(float* factors, TRow row)
    {
        r0.Accumulate(TLanes.Load(factors), row);
        r1.Accumulate(TLanes.Load(factors + TLanes.Count), row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rectify()
    {
        r0 = r0.Rectify();
        r1 = r1.Rectify();
    }
}

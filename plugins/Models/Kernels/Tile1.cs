using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>1 row.</summary>
internal unsafe struct Tile1<TRow, TLanes> : ITile<Tile1<TRow, TLanes>>, IProductTile<TRow>
    where TRow : unmanaged, IRow<TRow, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private TRow r0;

    public static int Rows => 1;

    public static int Columns => TRow.Columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tile1<TRow, TLanes> FillRows(float* values)
    {
        Tile1<TRow, TLanes> tile;
        tile.r0 = TRow.Fill(TLanes.Broadcast(values));
        return tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tile1<TRow, TLanes> Load(float* source, nint rowStride, nint columnStride)
    {
        Tile1<TRow, TLanes> tile;
        tile.r0 = TRow.Load(source, columnStride);
        return tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination, nint rowStride, nint columnStride)
    {
        r0.Store(destination, columnStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float* source, nint rowStride, nint columnStride)
    {
        r0 = r0.Add(TRow.Load(source, columnStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddOuter(float* factors, nint factorRow, float* x, nint columnStride)
    {
        var row = TRow.Load(x, columnStride);
        r0.Accumulate(TLanes.Broadcast(factors), row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProducts(float* factors, TRow row)
    {
        r0.Accumulate(TLanes.Load(factors), row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rectify()
    {
        r0 = r0.Rectify();
    }
}

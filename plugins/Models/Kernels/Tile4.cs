using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>4 rows.</summary>
internal unsafe struct Tile4<TRow, TLanes> : ITile<Tile4<TRow, TLanes>>, IProductTile<TRow>
    where TRow : unmanaged, IRow<TRow, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private TRow r0, r1, r2, r3;

    public static int Rows => 4;

    public static int Columns => TRow.Columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tile4<TRow, TLanes> FillRows(float* values)
    {
        Tile4<TRow, TLanes> tile;
        tile.r0 = TRow.Fill(TLanes.Broadcast(values));
        tile.r1 = TRow.Fill(TLanes.Broadcast(values + 1));
        tile.r2 = TRow.Fill(TLanes.Broadcast(values + 2));
        tile.r3 = TRow.Fill(TLanes.Broadcast(values + 3));
        return tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tile4<TRow, TLanes> Load(float* source, nint rowStride, nint columnStride)
    {
        Tile4<TRow, TLanes> tile;
        tile.r0 = TRow.Load(source, columnStride);
        tile.r1 = TRow.Load(source + rowStride, columnStride);
        tile.r2 = TRow.Load(source + (2 * rowStride), columnStride);
        tile.r3 = TRow.Load(source + (3 * rowStride), columnStride);
        return tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination, nint rowStride, nint columnStride)
    {
        r0.Store(destination, columnStride);
        r1.Store(destination + rowStride, columnStride);
        r2.Store(destination + (2 * rowStride), columnStride);
        r3.Store(destination + (3 * rowStride), columnStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float* source, nint rowStride, nint columnStride)
    {
        r0 = r0.Add(TRow.Load(source, columnStride));
        r1 = r1.Add(TRow.Load(source + rowStride, columnStride));
        r2 = r2.Add(TRow.Load(source + (2 * rowStride), columnStride));
        r3 = r3.Add(TRow.Load(source + (3 * rowStride), columnStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddOuter(float* factors, nint factorRow, float* x, nint columnStride)
    {
        var row = TRow.Load(x, columnStride);
        r0.Accumulate(TLanes.Broadcast(factors), row);
        r1.Accumulate(TLanes.Broadcast(factors + factorRow), row);
        r2.Accumulate(TLanes.Broadcast(factors + (2 * factorRow)), row);
        r3.Accumulate(TLanes.Broadcast(factors + (3 * factorRow)), row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProducts(float* factors, TRow row)
    {
        r0.Accumulate(TLanes.Load(factors), row);
        r1.Accumulate(TLanes.Load(factors + TLanes.Count), row);
        r2.Accumulate(TLanes.Load(factors + (2 * TLanes.Count)), row);
        r3.Accumulate(TLanes.Load(factors + (3 * TLanes.Count)), row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rectify()
    {
        r0 = r0.Rectify();
        r1 = r1.Rectify();
        r2 = r2.Rectify();
        r3 = r3.Rectify();
    }
}

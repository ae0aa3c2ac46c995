using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>6 rows.</summary>
internal unsafe struct Tile6<TRow, TLanes> : ITile<Tile6<TRow, TLanes>>, IProductTile<TRow>
    where TRow : unmanaged, IRow<TRow, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private TRow r0, r1, r2, r3, r4, r5;

    public static int Rows => 6;

    public static int Columns => TRow.Columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tile6<TRow, TLanes> FillRows(float* values)
    {
        Tile6<TRow, TLanes> tile;
        tile.r0 = TRow.Fill(TLanes.Broadcast(values));
        tile.r1 = TRow.Fill(TLanes.Broadcast(values + 1));
        tile.r2 = TRow.Fill(TLanes.Broadcast(values + 2));
        tile.r3 = TRow.Fill(TLanes.Broadcast(values + 3));
        tile.r4 = TRow.Fill(TLanes.Broadcast(values + 4));
        tile.r5 = TRow.Fill(TLanes.Broadcast(values + 5));
        return tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tile6<TRow, TLanes> Load(float* source, nint rowStride, nint columnStride)
    {
        Tile6<TRow, TLanes> tile;
        tile.r0 = TRow.Load(source, columnStride);
        tile.r1 = TRow.Load(source + rowStride, columnStride);
        tile.r2 = TRow.Load(source + (2 * rowStride), columnStride);
        tile.r3 = TRow.Load(source + (3 * rowStride), columnStride);
        tile.r4 = TRow.Load(source + (4 * rowStride), columnStride);
        tile.r5 = TRow.Load(source + (5 * rowStride), columnStride);
        return tile;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination, nint rowStride, nint columnStride)
    {
        r0.Store(destination, columnStride);
        r1.Store(destination + rowStride, columnStride);
        r2.Store(destination + (2 * rowStride), columnStride);
        r3.Store(destination + (3 * rowStride), columnStride);
        r4.Store(destination + (4 * rowStride), columnStride);
        r5.Store(destination + (5 * rowStride), columnStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float* source, nint rowStride, nint columnStride)
    {
        r0 = r0.Add(TRow.Load(source, columnStride));
        r1 = r1.Add(TRow.Load(source + rowStride, columnStride));
        r2 = r2.Add(TRow.Load(source + (2 * rowStride), columnStride));
        r3 = r3.Add(TRow.Load(source + (3 * rowStride), columnStride));
        r4 = r4.Add(TRow.Load(source + (4 * rowStride), columnStride));
        r5 = r5.Add(TRow.Load(source + (5 * rowStride), columnStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddOuter(float* factors, nint factorRow, float* x, nint columnStride)
    {
        var row = TRow.Load(x, columnStride);
        r0.Accumulate(TLanes.Broadcast(factors), row);
        r1.Accumulate(TLanes.Broadcast(factors + factorRow), row);
        r2.Accumulate(TLanes.Broadcast(factors + (2 * factorRow)), row);
        r3.Accumulate(TLanes.Broadcast(factors + (3 * factorRow)), row);
        r4.Accumulate(TLanes.Broadcast(factors + (4 * factorRow)), row);
        r5.Accumulate(TLanes.Broadcast(factors + (5 * factorRow)), row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProducts(float* factors, TRow row)
    {
        r0.Accumulate(TLanes.Load(factors), row);
        r1.Accumulate(TLanes.Load(factors + TLanes.Count), row);
        r2.Accumulate(TLanes.Load(factors + (2 * TLanes.Count)), row);
        r3.Accumulate(TLanes.Load(factors + (3 * TLanes.Count)), row);
        r4.Accumulate(TLanes.Load(factors + (4 * TLanes.Count)), row);
        r5.Accumulate(TLanes.Load(factors + (5 * TLanes.Count)), row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rectify()
    {
        r0 = r0.Rectify();
        r1 = r1.Rectify();
        r2 = r2.Rectify();
        r3 = r3.Rectify();
        r4 = r4.Rectify();
        r5 = r5.Rectify();
    }
}

using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>1 column.</summary>
internal unsafe struct Row1<TLanes>(TLanes a) : IRow<Row1<TLanes>, TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private TLanes a = a;

    public static int Columns => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<TLanes> Fill(TLanes value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<TLanes> Load(float* source, nint stride) =>
        new(TLanes.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination, nint stride)
    {
        TLanes.Store(destination, a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(TLanes factor, Row1<TLanes> x)
    {
        TLanes.AddProduct(ref a, factor, x.a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<TLanes> Broadcast(float* source) =>
        new(TLanes.Broadcast(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row1<TLanes> Add(Row1<TLanes> other) => new(a + other.a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row1<TLanes> Subtract(Row1<TLanes> other) => new(a - other.a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row1<TLanes> AddProduct(Row1<TLanes> x, Row1<TLanes> y) =>
        new(TLanes.FusedMultiplyAdd(x.a, y.a, a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row1<TLanes> KeepWherePositive(Row1<TLanes> values)
    {
        var zero = TLanes.Create(0);
        return new(TLanes.And(TLanes.Greater(values.a, zero), a));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row1<TLanes> Rectify()
    {
        var zero = TLanes.Create(0);
        return new(TLanes.Max(zero, a));
    }
}

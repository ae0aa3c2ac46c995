using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>2 columns.</summary>
internal unsafe struct Row2<TLanes>(TLanes a, TLanes b) : IRow<Row2<TLanes>, TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private TLanes a = a;
    private TLanes b = b;

    public static int Columns => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<TLanes> Fill(TLanes value) => new(value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<TLanes> Load(float* source, nint stride) =>
        new(TLanes.Load(source), TLanes.Load(source + stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination, nint stride)
    {
        TLanes.Store(destination, a);
        TLanes.Store(destination + stride, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(TLanes factor, Row2<TLanes> x)
    {
        TLanes.AddProduct(ref a, factor, x.a);
        TLanes.AddProduct(ref b, factor, x.b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<TLanes> Broadcast(float* source) =>
        new(TLanes.Broadcast(source), TLanes.Broadcast(source + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row2<TLanes> Add(Row2<TLanes> other) => new(a + other.a, b + other.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row2<TLanes> Subtract(Row2<TLanes> other) => new(a - other.a, b - other.b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row2<TLanes> AddProduct(Row2<TLanes> x, Row2<TLanes> y) =>
        new(TLanes.FusedMultiplyAdd(x.a, y.a, a), TLanes.FusedMultiplyAdd(x.b, y.b, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row2<TLanes> KeepWherePositive(Row2<TLanes> values)
    {
        var zero = TLanes.Create(0);
        return new(TLanes.And(TLanes.Greater(values.a, zero), a), TLanes.And(TLanes.Greater(values.b, zero), b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row2<TLanes> Rectify()
    {
        var zero = TLanes.Create(0);
        return new(TLanes.Max(zero, a), TLanes.Max(zero, b));
    }
}

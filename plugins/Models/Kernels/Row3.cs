using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>3 columns.</summary>
internal unsafe struct Row3<TLanes>(TLanes a, TLanes b, TLanes c) : IRow<Row3<TLanes>, TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private TLanes a = a;
    private TLanes b = b;
    private TLanes c = c;

    public static int Columns => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row3<TLanes> Fill(TLanes value) => new(value, value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row3<TLanes> Load(float* source, nint stride) =>
        new(TLanes.Load(source), TLanes.Load(source + stride), TLanes.Load(source + (2 * stride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination, nint stride)
    {
        TLanes.Store(destination, a);
        TLanes.Store(destination + stride, b);
        TLanes.Store(destination + (2 * stride), c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(TLanes factor, Row3<TLanes> x)
    {
        TLanes.AddProduct(ref a, factor, x.a);
        TLanes.AddProduct(ref b, factor, x.b);
        TLanes.AddProduct(ref c, factor, x.c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row3<TLanes> Broadcast(float* source) =>
        new(TLanes.Broadcast(source), TLanes.Broadcast(source + 1), TLanes.Broadcast(source + 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row3<TLanes> Add(Row3<TLanes> other) => new(a + other.a, b + other.b, c + other.c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row3<TLanes> Subtract(Row3<TLanes> other) => new(a - other.a, b - other.b, c - other.c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row3<TLanes> AddProduct(Row3<TLanes> x, Row3<TLanes> y) =>
        new(TLanes.FusedMultiplyAdd(x.a, y.a, a), TLanes.FusedMultiplyAdd(x.b, y.b, b), TLanes.FusedMultiplyAdd(x.c, y.c, c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row3<TLanes> KeepWherePositive(Row3<TLanes> values)
    {
        var zero = TLanes.Create(0);
        return new(TLanes.And(TLanes.Greater(values.a, zero), a), TLanes.And(TLanes.Greater(values.b, zero), b), TLanes.And(TLanes.Greater(values.c, zero), c));
    }

    /// <summary>One column on: the first falls out, <paramref name="next"/> comes in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row3<TLanes> Slide(TLanes next) => new(b, c, next);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row3<TLanes> Rectify()
    {
        var zero = TLanes.Create(0);
        return new(TLanes.Max(zero, a), TLanes.Max(zero, b), TLanes.Max(zero, c));
    }
}

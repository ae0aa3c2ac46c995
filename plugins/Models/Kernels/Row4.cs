using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>4 columns.</summary>
internal unsafe struct Row4<TLanes>(TLanes a, TLanes b, TLanes c, TLanes d) : IRow<Row4<TLanes>, TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private TLanes a = a;
    private TLanes b = b;
    private TLanes c = c;
    private TLanes d = d;

    public static int Columns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<TLanes> Fill(TLanes value) => new(value, value, value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<TLanes> Load(float* source, nint stride) =>
        new(TLanes.Load(source), TLanes.Load(source + stride), TLanes.Load(source + (2 * stride)), TLanes.Load(source + (3 * stride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination, nint stride)
    {
        TLanes.Store(destination, a);
        TLanes.Store(destination + stride, b);
        TLanes.Store(destination + (2 * stride), c);
        TLanes.Store(destination + (3 * stride), d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Accumulate(TLanes factor, Row4<TLanes> x)
    {
        TLanes.AddProduct(ref a, factor, x.a);
        TLanes.AddProduct(ref b, factor, x.b);
        TLanes.AddProduct(ref c, factor, x.c);
        TLanes.AddProduct(ref d, factor, x.d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<TLanes> Broadcast(float* source) =>
        new(TLanes.Broadcast(source), TLanes.Broadcast(source + 1), TLanes.Broadcast(source + 2), TLanes.Broadcast(source + 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row4<TLanes> Add(Row4<TLanes> other) => new(a + other.a, b + other.b, c + other.c, d + other.d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row4<TLanes> Subtract(Row4<TLanes> other) => new(a - other.a, b - other.b, c - other.c, d - other.d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row4<TLanes> AddProduct(Row4<TLanes> x, Row4<TLanes> y) =>
        new(TLanes.FusedMultiplyAdd(x.a, y.a, a), TLanes.FusedMultiplyAdd(x.b, y.b, b), TLanes.FusedMultiplyAdd(x.c, y.c, c), TLanes.FusedMultiplyAdd(x.d, y.d, d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row4<TLanes> KeepWherePositive(Row4<TLanes> values)
    {
        var zero = TLanes.Create(0);
        return new(TLanes.And(TLanes.Greater(values.a, zero), a), TLanes.And(TLanes.Greater(values.b, zero), b), TLanes.And(TLanes.Greater(values.c, zero), c), TLanes.And(TLanes.Greater(values.d, zero), d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Row4<TLanes> Rectify()
    {
        var zero = TLanes.Create(0);
        return new(TLanes.Max(zero, a), TLanes.Max(zero, b), TLanes.Max(zero, c), TLanes.Max(zero, d));
    }
}

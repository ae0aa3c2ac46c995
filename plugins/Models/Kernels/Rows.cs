using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>
/// One row of a register tile: a few vectors, side by side. The fields are written out because the JIT keeps them in registers only as fields.
/// </summary>
internal unsafe interface IRow<TSelf, TLanes> where TSelf : unmanaged, IRow<TSelf, TLanes>
{
    static abstract int Columns { get; }

    /// <summary>The same vector in every column.</summary>
    static abstract TSelf Fill(TLanes value);

    /// <summary>Columns <paramref name="stride"/> floats apart.</summary>
    static abstract TSelf Load(float* source, nint stride);

    void Store(float* destination, nint stride);

    /// <summary>this + factor · x, column by column.</summary>
    TSelf Add(TLanes factor, TSelf x);

    /// <summary>Where not positive, zero; not-a-number stays.</summary>
    TSelf Rectify();
}

internal readonly unsafe struct Row1<TLanes>(TLanes a) : IRow<Row1<TLanes>, TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes a = a;

    public static int Columns => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<TLanes> Fill(TLanes value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row1<TLanes> Load(float* source, nint stride) =>
        new(TLanes.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination, nint stride)
    {
        TLanes.Store(destination, a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row1<TLanes> Add(TLanes factor, Row1<TLanes> x) =>
        new(TLanes.FusedMultiplyAdd(factor, x.a, a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row1<TLanes> Rectify()
    {
        var zero = TLanes.Create(0);
        return new(TLanes.Max(zero, a));
    }
}

internal readonly unsafe struct Row2<TLanes>(TLanes a, TLanes b) : IRow<Row2<TLanes>, TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes a = a;
    private readonly TLanes b = b;

    public static int Columns => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<TLanes> Fill(TLanes value) => new(value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row2<TLanes> Load(float* source, nint stride) =>
        new(TLanes.Load(source), TLanes.Load(source + stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination, nint stride)
    {
        TLanes.Store(destination, a);
        TLanes.Store(destination + stride, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row2<TLanes> Add(TLanes factor, Row2<TLanes> x) =>
        new(TLanes.FusedMultiplyAdd(factor, x.a, a), TLanes.FusedMultiplyAdd(factor, x.b, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row2<TLanes> Rectify()
    {
        var zero = TLanes.Create(0);
        return new(TLanes.Max(zero, a), TLanes.Max(zero, b));
    }
}

internal readonly unsafe struct Row3<TLanes>(TLanes a, TLanes b, TLanes c) : IRow<Row3<TLanes>, TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes a = a;
    private readonly TLanes b = b;
    private readonly TLanes c = c;

    public static int Columns => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row3<TLanes> Fill(TLanes value) => new(value, value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row3<TLanes> Load(float* source, nint stride) =>
        new(TLanes.Load(source), TLanes.Load(source + stride), TLanes.Load(source + (2 * stride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination, nint stride)
    {
        TLanes.Store(destination, a);
        TLanes.Store(destination + stride, b);
        TLanes.Store(destination + (2 * stride), c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row3<TLanes> Add(TLanes factor, Row3<TLanes> x) =>
        new(TLanes.FusedMultiplyAdd(factor, x.a, a), TLanes.FusedMultiplyAdd(factor, x.b, b), TLanes.FusedMultiplyAdd(factor, x.c, c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row3<TLanes> Rectify()
    {
        var zero = TLanes.Create(0);
        return new(TLanes.Max(zero, a), TLanes.Max(zero, b), TLanes.Max(zero, c));
    }
}

internal readonly unsafe struct Row4<TLanes>(TLanes a, TLanes b, TLanes c, TLanes d) : IRow<Row4<TLanes>, TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes a = a;
    private readonly TLanes b = b;
    private readonly TLanes c = c;
    private readonly TLanes d = d;

    public static int Columns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<TLanes> Fill(TLanes value) => new(value, value, value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Row4<TLanes> Load(float* source, nint stride) =>
        new(TLanes.Load(source), TLanes.Load(source + stride), TLanes.Load(source + (2 * stride)), TLanes.Load(source + (3 * stride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination, nint stride)
    {
        TLanes.Store(destination, a);
        TLanes.Store(destination + stride, b);
        TLanes.Store(destination + (2 * stride), c);
        TLanes.Store(destination + (3 * stride), d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row4<TLanes> Add(TLanes factor, Row4<TLanes> x) =>
        new(TLanes.FusedMultiplyAdd(factor, x.a, a), TLanes.FusedMultiplyAdd(factor, x.b, b), TLanes.FusedMultiplyAdd(factor, x.c, c), TLanes.FusedMultiplyAdd(factor, x.d, d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row4<TLanes> Rectify()
    {
        var zero = TLanes.Create(0);
        return new(TLanes.Max(zero, a), TLanes.Max(zero, b), TLanes.Max(zero, c), TLanes.Max(zero, d));
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Orchestrator.Numerics;

/// <summary>
/// One fused pass over vectors of equal length. The formula is a struct, written once over
/// <see cref="Vector{T}"/> and inlined into the loop; the elements of a rest shorter than a vector
/// take the same formula one by one. Every lane is computed by itself with separately rounded
/// operations, so the bits are the same at any vector width and however the vectors are cut into
/// tiles. Spans may not overlap, unless they are the same span.
/// </summary>
public static class FusedPass
{
    /// <summary>Reads a, changes x.</summary>
    public static void Run<TFormula>(TFormula formula, ReadOnlySpan<float> a, Span<float> x) where TFormula : struct, IFormula11
    {
        Check(x.Length, a.Length, x.Length, x.Length);
        ref var ra = ref MemoryMarshal.GetReference(a);
        ref var rx = ref MemoryMarshal.GetReference(x);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var vx = Load(ref rx, i);
            formula.Run(Load(ref ra, i), ref vx);
            Store(vx, ref rx, i);
        }

        for (; i < x.Length; i++)
        {
            var vx = new Vector<float>(x[i]);
            formula.Run(new Vector<float>(a[i]), ref vx);
            x[i] = vx.ToScalar();
        }
    }

    /// <summary>Reads a, changes x and y.</summary>
    public static void Run<TFormula>(TFormula formula, ReadOnlySpan<float> a, Span<float> x, Span<float> y) where TFormula : struct, IFormula12
    {
        Check(x.Length, a.Length, y.Length, x.Length);
        ref var ra = ref MemoryMarshal.GetReference(a);
        ref var rx = ref MemoryMarshal.GetReference(x);
        ref var ry = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (vx, vy) = (Load(ref rx, i), Load(ref ry, i));
            formula.Run(Load(ref ra, i), ref vx, ref vy);
            Store(vx, ref rx, i);
            Store(vy, ref ry, i);
        }

        for (; i < x.Length; i++)
        {
            var (vx, vy) = (new Vector<float>(x[i]), new Vector<float>(y[i]));
            formula.Run(new Vector<float>(a[i]), ref vx, ref vy);
            x[i] = vx.ToScalar();
            y[i] = vy.ToScalar();
        }
    }

    /// <summary>Reads a, changes x, y and z.</summary>
    public static void Run<TFormula>(TFormula formula, ReadOnlySpan<float> a, Span<float> x, Span<float> y, Span<float> z)
        where TFormula : struct, IFormula13
    {
        Check(x.Length, a.Length, y.Length, z.Length);
        ref var ra = ref MemoryMarshal.GetReference(a);
        ref var rx = ref MemoryMarshal.GetReference(x);
        ref var ry = ref MemoryMarshal.GetReference(y);
        ref var rz = ref MemoryMarshal.GetReference(z);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (vx, vy, vz) = (Load(ref rx, i), Load(ref ry, i), Load(ref rz, i));
            formula.Run(Load(ref ra, i), ref vx, ref vy, ref vz);
            Store(vx, ref rx, i);
            Store(vy, ref ry, i);
            Store(vz, ref rz, i);
        }

        for (; i < x.Length; i++)
        {
            var (vx, vy, vz) = (new Vector<float>(x[i]), new Vector<float>(y[i]), new Vector<float>(z[i]));
            formula.Run(new Vector<float>(a[i]), ref vx, ref vy, ref vz);
            x[i] = vx.ToScalar();
            y[i] = vy.ToScalar();
            z[i] = vz.ToScalar();
        }
    }

    /// <summary>Reads a and b, changes x.</summary>
    public static void Run<TFormula>(TFormula formula, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> x) where TFormula : struct, IFormula21
    {
        Check(x.Length, a.Length, b.Length, x.Length);
        ref var ra = ref MemoryMarshal.GetReference(a);
        ref var rb = ref MemoryMarshal.GetReference(b);
        ref var rx = ref MemoryMarshal.GetReference(x);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var vx = Load(ref rx, i);
            formula.Run(Load(ref ra, i), Load(ref rb, i), ref vx);
            Store(vx, ref rx, i);
        }

        for (; i < x.Length; i++)
        {
            var vx = new Vector<float>(x[i]);
            formula.Run(new Vector<float>(a[i]), new Vector<float>(b[i]), ref vx);
            x[i] = vx.ToScalar();
        }
    }

    /// <summary>Reads a and b, changes x and y.</summary>
    public static void Run<TFormula>(TFormula formula, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> x, Span<float> y)
        where TFormula : struct, IFormula22
    {
        Check(x.Length, a.Length, b.Length, y.Length);
        ref var ra = ref MemoryMarshal.GetReference(a);
        ref var rb = ref MemoryMarshal.GetReference(b);
        ref var rx = ref MemoryMarshal.GetReference(x);
        ref var ry = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (vx, vy) = (Load(ref rx, i), Load(ref ry, i));
            formula.Run(Load(ref ra, i), Load(ref rb, i), ref vx, ref vy);
            Store(vx, ref rx, i);
            Store(vy, ref ry, i);
        }

        for (; i < x.Length; i++)
        {
            var (vx, vy) = (new Vector<float>(x[i]), new Vector<float>(y[i]));
            formula.Run(new Vector<float>(a[i]), new Vector<float>(b[i]), ref vx, ref vy);
            x[i] = vx.ToScalar();
            y[i] = vy.ToScalar();
        }
    }

    /// <summary>Reads a, b and c, changes x.</summary>
    public static void Run<TFormula>(TFormula formula, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> x)
        where TFormula : struct, IFormula31
    {
        Check(x.Length, a.Length, b.Length, c.Length);
        ref var ra = ref MemoryMarshal.GetReference(a);
        ref var rb = ref MemoryMarshal.GetReference(b);
        ref var rc = ref MemoryMarshal.GetReference(c);
        ref var rx = ref MemoryMarshal.GetReference(x);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var vx = Load(ref rx, i);
            formula.Run(Load(ref ra, i), Load(ref rb, i), Load(ref rc, i), ref vx);
            Store(vx, ref rx, i);
        }

        for (; i < x.Length; i++)
        {
            var vx = new Vector<float>(x[i]);
            formula.Run(new Vector<float>(a[i]), new Vector<float>(b[i]), new Vector<float>(c[i]), ref vx);
            x[i] = vx.ToScalar();
        }
    }

    private static void Check(int length, int first, int second, int third)
    {
        if (first != length || second != length || third != length)
        {
            Refuse(length, first, second, third);
        }
    }

    private static void Refuse(int length, int first, int second, int third) =>
        throw new ArgumentException($"Vectors of {first}, {second}, {third} and {length} elements do not go together.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ref float first, int index) => Vector.LoadUnsafe(ref first, (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> value, ref float first, int index) => value.StoreUnsafe(ref first, (nuint)index);
}

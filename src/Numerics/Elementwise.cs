using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orchestrator.Numerics;

/// <summary>Element-by-element operations in one pass; products and sums are rounded separately, so that every vector width gives the same bits.</summary>
public static class Elementwise
{
    /// <summary>x += y.</summary>
    public static void Add(Span<float> x, ReadOnlySpan<float> y) => AddScaled(x, 1, y);

    /// <summary>x += a y.</summary>
    public static void AddScaled(Span<float> x, float a, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length, nameof(y));
        ref var to = ref MemoryMarshal.GetReference(x);
        ref var from = ref MemoryMarshal.GetReference(y);
        var scale = Vector256.Create(a);
        var i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            (Vector256.LoadUnsafe(ref to, (nuint)i) + (scale * Vector256.LoadUnsafe(ref from, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            x[i] += a * y[i];
        }
    }

    /// <summary>x /= a.</summary>
    public static void Divide(Span<float> x, float a)
    {
        ref var to = ref MemoryMarshal.GetReference(x);
        var divisor = Vector256.Create(a);
        var i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            (Vector256.LoadUnsafe(ref to, (nuint)i) / divisor).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            x[i] /= a;
        }
    }
}

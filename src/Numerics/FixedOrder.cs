using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Orchestrator.Numerics;

/// <summary>
/// Sums whose order is fixed: within a block of <see cref="Block"/> elements, 16 logical lanes in double precision, folded in halves; the blocks' sums
/// added in order. The result is the same at any vector width, and the same whether a vector is taken whole or in tiles of whole blocks. A product of
/// two floats is exact in double precision, so contraction cannot change a bit.
/// </summary>
public static class FixedOrder
{
    /// <summary>Elements per block; tiles are multiples of it.</summary>
    public const int Block = 4096;

    /// <summary>Sum of x².</summary>
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        var total = 0.0;
        for (; x.Length > Block; x = x[Block..])
        {
            total += SquaresOfBlock<Plain>(x[..Block], x);
        }

        return total + SquaresOfBlock<Plain>(x, x);
    }

    /// <summary>Sum of (x - y)², the difference rounded to float32 first.</summary>
    public static double SumOfSquaredDifferences(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, y.Length, nameof(y));
        var total = 0.0;
        for (; x.Length > Block; x = x[Block..], y = y[Block..])
        {
            total += SquaresOfBlock<Difference>(x[..Block], y);
        }

        return total + SquaresOfBlock<Difference>(x, y);
    }

    private static double SquaresOfBlock<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y) where TTerm : struct, ITerm
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        ref var second = ref MemoryMarshal.GetReference(y);
        if (x.Length == 1)
        {
            // The other lanes are zero and change nothing.
            double only = TTerm.Of(first, second);
            return only * only;
        }

        Span<double> lanes = stackalloc double[16];
        var i = Vector512.IsHardwareAccelerated ? Wide<TTerm>(ref first, ref second, (nuint)x.Length, lanes) : Narrow<TTerm>(ref first, ref second, (nuint)x.Length, lanes);

        // The rest goes to lanes 0, 1, 2, ... as a padded group of 16 would.
        for (var lane = 0; i < (nuint)x.Length; i++, lane++)
        {
            double term = TTerm.Of(Unsafe.Add(ref first, i), Unsafe.Add(ref second, i));
            lanes[lane] += term * term;
        }

        for (var width = 8; width > 0; width /= 2)
        {
            for (var lane = 0; lane < width; lane++)
            {
                lanes[lane] += lanes[lane + width];
            }
        }

        return lanes[0];
    }

    // Whole groups of 16, lane by lane; both forms add the same numbers in the same order. Returns where they end.
    private static nuint Wide<TTerm>(ref float first, ref float second, nuint length, Span<double> lanes) where TTerm : struct, ITerm
    {
        Vector512<double> a = default, b = default;
        nuint i = 0;
        for (var whole = length & ~(nuint)15; i < whole; i += 16)
        {
            var (low, high) = Vector512.Widen(TTerm.Of(Vector512.LoadUnsafe(ref first, i), Vector512.LoadUnsafe(ref second, i)));
            a += low * low;
            b += high * high;
        }

        a.CopyTo(lanes);
        b.CopyTo(lanes[8..]);
        return i;
    }

    private static nuint Narrow<TTerm>(ref float first, ref float second, nuint length, Span<double> lanes) where TTerm : struct, ITerm
    {
        Vector256<double> a = default, b = default, c = default, d = default;
        nuint i = 0;
        for (var whole = length & ~(nuint)15; i < whole; i += 16)
        {
            var (a0, a1) = Vector256.Widen(TTerm.Of(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i)));
            var (b0, b1) = Vector256.Widen(TTerm.Of(Vector256.LoadUnsafe(ref first, i + 8), Vector256.LoadUnsafe(ref second, i + 8)));
            a += a0 * a0;
            b += a1 * a1;
            c += b0 * b0;
            d += b1 * b1;
        }

        a.CopyTo(lanes);
        b.CopyTo(lanes[4..]);
        c.CopyTo(lanes[8..]);
        d.CopyTo(lanes[12..]);
        return i;
    }

    private interface ITerm
    {
        static abstract Vector512<float> Of(Vector512<float> x, Vector512<float> y);

        static abstract Vector256<float> Of(Vector256<float> x, Vector256<float> y);

        static abstract float Of(float x, float y);
    }

    private readonly struct Plain : ITerm
    {
        public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => x;

        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => x;

        public static float Of(float x, float y) => x;
    }

    private readonly struct Difference : ITerm
    {
        public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => x - y;

        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => x - y;

        public static float Of(float x, float y) => x - y;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Numerics;

/// <summary>
/// Sums whose order is fixed: within a block of <see cref="Block"/> elements, 16 logical lanes in double precision, folded in halves; the blocks' sums
/// added in order. The result is the same at any vector width, and the same whether a vector is taken whole or in tiles of whole blocks. A product of
/// two floats is exact in double precision, so a fused multiply-add, used where there is one, changes no bit.
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

    /// <summary>Sum of x² and sum of (y - z)², in one pass.</summary>
    public static (double OfX, double OfDifferences) SumsOfSquares(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length, nameof(y));
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length, nameof(z));
        if (!IsWide || x.Length == 1)
        {
            return (SumOfSquares(x), SumOfSquaredDifferences(y, z));
        }

        var (plain, differences) = (0.0, 0.0);
        Span<double> lanes = stackalloc double[32];
        while (true)
        {
            var count = Math.Min(x.Length, Block);
            ref var rx = ref MemoryMarshal.GetReference(x);
            ref var ry = ref MemoryMarshal.GetReference(y);
            ref var rz = ref MemoryMarshal.GetReference(z);
            Vector512<double> a = default, b = default, c = default, d = default;
            nuint i = 0;
            for (var whole = (nuint)count & ~(nuint)15; i < whole; i += 16)
            {
                Add<Plain>(ref rx, ref rx, i, ref a, ref b);
                Add<Difference>(ref ry, ref rz, i, ref c, ref d);
            }

            a.CopyTo(lanes);
            b.CopyTo(lanes[8..]);
            c.CopyTo(lanes[16..]);
            d.CopyTo(lanes[24..]);
            plain += Fold<Plain>(ref rx, ref rx, i, (nuint)count, lanes[..16]);
            differences += Fold<Difference>(ref ry, ref rz, i, (nuint)count, lanes[16..]);
            if (x.Length <= Block)
            {
                return (plain, differences);
            }

            x = x[Block..];
            y = y[Block..];
            z = z[Block..];
        }
    }

    private static bool IsWide => Avx512F.IsSupported && Vector512.IsHardwareAccelerated;

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
        var i = IsWide ? Wide<TTerm>(ref first, ref second, (nuint)x.Length, lanes) : Narrow<TTerm>(ref first, ref second, (nuint)x.Length, lanes);
        return Fold<TTerm>(ref first, ref second, i, (nuint)x.Length, lanes);
    }

    // The rest goes to lanes 0, 1, 2, ... as a padded group of 16 would.
    private static double Fold<TTerm>(ref float first, ref float second, nuint i, nuint length, Span<double> lanes) where TTerm : struct, ITerm
    {
        for (var lane = 0; i < length; i++, lane++)
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
            Add<TTerm>(ref first, ref second, i, ref a, ref b);
        }

        a.CopyTo(lanes);
        b.CopyTo(lanes[8..]);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TTerm>(ref float first, ref float second, nuint i, ref Vector512<double> a, ref Vector512<double> b) where TTerm : struct, ITerm
    {
        var low = Avx512F.ConvertToVector512Double(TTerm.Of(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i)));
        var high = Avx512F.ConvertToVector512Double(TTerm.Of(Vector256.LoadUnsafe(ref first, i + 8), Vector256.LoadUnsafe(ref second, i + 8)));
        a = Vector512.FusedMultiplyAdd(low, low, a);
        b = Vector512.FusedMultiplyAdd(high, high, b);
    }

    private static nuint Narrow<TTerm>(ref float first, ref float second, nuint length, Span<double> lanes) where TTerm : struct, ITerm
    {
        Vector256<double> a = default, b = default, c = default, d = default;
        nuint i = 0;
        for (var whole = length & ~(nuint)15; i < whole; i += 16)
        {
            var (a0, a1) = Vector256.Widen(TTerm.Of(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i)));
            var (b0, b1) = Vector256.Widen(TTerm.Of(Vector256.LoadUnsafe(ref first, i + 8), Vector256.LoadUnsafe(ref second, i + 8)));
            a = Vector256.MultiplyAddEstimate(a0, a0, a);
            b = Vector256.MultiplyAddEstimate(a1, a1, b);
            c = Vector256.MultiplyAddEstimate(b0, b0, c);
            d = Vector256.MultiplyAddEstimate(b1, b1, d);
        }

        a.CopyTo(lanes);
        b.CopyTo(lanes[4..]);
        c.CopyTo(lanes[8..]);
        d.CopyTo(lanes[12..]);
        return i;
    }

    private interface ITerm
    {
        static abstract Vector256<float> Of(Vector256<float> x, Vector256<float> y);

        static abstract float Of(float x, float y);
    }

    private readonly struct Plain : ITerm
    {
        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => x;

        public static float Of(float x, float y) => x;
    }

    private readonly struct Difference : ITerm
    {
        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => x - y;

        public static float Of(float x, float y) => x - y;
    }
}

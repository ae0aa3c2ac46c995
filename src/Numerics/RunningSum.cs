using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Numerics;

/// <summary>
/// A sum of squares in the order of <see cref="FixedOrder"/>, made piece by piece. Each piece but the last has a multiple of 16 elements; however a vector
/// is cut, the result is the same.
/// </summary>
public struct RunningSum
{
    // The 16 lanes of the block under way.
    private Vector512<double> low;
    private Vector512<double> high;
    private int inBlock;
    private double blocks;

    /// <summary>The sum so far.</summary>
    public readonly double Total => inBlock == 0 ? blocks : blocks + Folded();

    /// <summary>Adds x².</summary>
    public void AddSquares(ReadOnlySpan<float> x) => Add<Plain>(x, x);

    /// <summary>Adds (x - y)², the difference rounded to float32 first.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void AddSquaredDifferences(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, y.Length, nameof(y));
        Add<Difference>(x, y);
    }

    /// <summary>Adds x² to one sum and (y - z)² to another in one pass.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(ref RunningSum squares, ReadOnlySpan<float> x, ref RunningSum differences, ReadOnlySpan<float> y, ReadOnlySpan<float> z)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length, nameof(y));
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length, nameof(z));
        if (!IsWide || x.Length % 16 != 0 || Math.Max(squares.inBlock, differences.inBlock) > FixedOrder.Block - x.Length)
        {
            squares.AddSquares(x);
            differences.AddSquaredDifferences(y, z);
            return;
        }

        ref var rx = ref MemoryMarshal.GetReference(x);
        ref var ry = ref MemoryMarshal.GetReference(y);
        ref var rz = ref MemoryMarshal.GetReference(z);
        var (a, b, c, d) = (squares.low, squares.high, differences.low, differences.high);
        for (nuint i = 0; i < (nuint)x.Length; i += 16)
        {
            AddGroup<Plain>(ref rx, ref rx, i, ref a, ref b);
            AddGroup<Difference>(ref ry, ref rz, i, ref c, ref d);
        }

        (squares.low, squares.high, differences.low, differences.high) = (a, b, c, d);
        squares.Move(x.Length);
        differences.Move(x.Length);
    }

    private static bool IsWide => Avx512F.IsSupported && Vector512.IsHardwareAccelerated;

    private void Add<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y) where TTerm : struct, ITerm
    {
        if (x.Length == 1 && inBlock == 0)
        {
            // The other lanes are zero and change nothing.
            double only = TTerm.Of(x[0], y[0]);
            blocks += only * only;
            return;
        }

        while (!x.IsEmpty)
        {
            var count = Math.Min(x.Length, FixedOrder.Block - inBlock);
            AddInBlock<TTerm>(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (nuint)count);
            Move(count);
            x = x[count..];
            y = y[count..];
        }
    }

    private void AddInBlock<TTerm>(ref float first, ref float second, nuint length) where TTerm : struct, ITerm
    {
        var whole = length & ~(nuint)15;
        if (IsWide)
        {
            var (a, b) = (low, high);
            for (nuint i = 0; i < whole; i += 16)
            {
                AddGroup<TTerm>(ref first, ref second, i, ref a, ref b);
            }

            (low, high) = (a, b);
        }
        else
        {
            AddNarrow<TTerm>(ref first, ref second, whole);
        }

        // The rest goes to lanes 0, 1, 2, ... as a padded group of 16 would.
        for (var i = whole; i < length; i++)
        {
            double term = TTerm.Of(Unsafe.Add(ref first, i), Unsafe.Add(ref second, i));
            ref var lane = ref Unsafe.Add(ref Unsafe.As<Vector512<double>, double>(ref i - whole < 8 ? ref low : ref high), (i - whole) % 8);
            lane += term * term;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup<TTerm>(ref float first, ref float second, nuint i, ref Vector512<double> a, ref Vector512<double> b) where TTerm : struct, ITerm
    {
        var (left, right) = (
            Avx512F.ConvertToVector512Double(TTerm.Of(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i))),
            Avx512F.ConvertToVector512Double(TTerm.Of(Vector256.LoadUnsafe(ref first, i + 8), Vector256.LoadUnsafe(ref second, i + 8))));
        a = Vector512.FusedMultiplyAdd(left, left, a);
        b = Vector512.FusedMultiplyAdd(right, right, b);
    }

    // Lane by lane the same numbers in the same order.
    private void AddNarrow<TTerm>(ref float first, ref float second, nuint length) where TTerm : struct, ITerm
    {
        var (a, b, c, d) = (low.GetLower(), low.GetUpper(), high.GetLower(), high.GetUpper());
        for (nuint i = 0; i < length; i += 16)
        {
            var (a0, a1) = Vector256.Widen(TTerm.Of(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i)));
            var (b0, b1) = Vector256.Widen(TTerm.Of(Vector256.LoadUnsafe(ref first, i + 8), Vector256.LoadUnsafe(ref second, i + 8)));
            a = Vector256.MultiplyAddEstimate(a0, a0, a);
            b = Vector256.MultiplyAddEstimate(a1, a1, b);
            c = Vector256.MultiplyAddEstimate(b0, b0, c);
            d = Vector256.MultiplyAddEstimate(b1, b1, d);
        }

        (low, high) = (Vector512.Create(a, b), Vector512.Create(c, d));
    }

    private void Move(int count)
    {
        inBlock += count;
        if (inBlock == FixedOrder.Block)
        {
            blocks += Folded();
            (low, high, inBlock) = (default, default, 0);
        }
    }

    // 16 lanes in halves: 8, 4, 2, 1.
    private readonly double Folded()
    {
        var eight = low + high;
        var four = eight.GetLower() + eight.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
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

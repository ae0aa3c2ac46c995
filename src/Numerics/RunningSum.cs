using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Numerics;

/// <summary>
/// A sum of squares in the order of <see cref="FixedOrder"/>, made piece by piece. Each piece but
/// the last has a multiple of 16 elements; however a vector is cut, the result is the same.
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
        if (x.Length % 16 != 0 || Math.Max(squares.inBlock, differences.inBlock) > FixedOrder.Block - x.Length)
        {
            squares.AddSquares(x);
            differences.AddSquaredDifferences(y, z);
            return;
        }

        ref var rx = ref MemoryMarshal.GetReference(x);
        ref var ry = ref MemoryMarshal.GetReference(y);
        ref var rz = ref MemoryMarshal.GetReference(z);
        if (IsWide)
        {
            var (a, b, c, d) = (squares.low, squares.high, differences.low, differences.high);
            for (nuint i = 0; i < (nuint)x.Length; i += 16)
            {
                AddGroup<Plain>(ref rx, ref rx, i, ref a, ref b);
                AddGroup<Difference>(ref ry, ref rz, i, ref c, ref d);
            }

            (squares.low, squares.high, differences.low, differences.high) = (a, b, c, d);
        }
        else
        {
            var (a, b, c, d) = squares.Quarters();
            var (e, f, g, h) = differences.Quarters();
            for (nuint i = 0; i < (nuint)x.Length; i += 16)
            {
                AddGroup<Plain>(ref rx, ref rx, i, ref a, ref b, ref c, ref d);
                AddGroup<Difference>(ref ry, ref rz, i, ref e, ref f, ref g, ref h);
            }

            (squares.low, squares.high) = (Vector512.Create(a, b), Vector512.Create(c, d));
            (differences.low, differences.high) = (Vector512.Create(e, f), Vector512.Create(g, h));
        }

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
            var (a, b, c, d) = Quarters();
            for (nuint i = 0; i < whole; i += 16)
            {
                AddGroup<TTerm>(ref first, ref second, i, ref a, ref b, ref c, ref d);
            }

            (low, high) = (Vector512.Create(a, b), Vector512.Create(c, d));
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup<TTerm>(
        ref float first, ref float second, nuint i, ref Vector256<double> a, ref Vector256<double> b, ref Vector256<double> c, ref Vector256<double> d)
        where TTerm : struct, ITerm
    {
        var (w, x, y, z) = (
            TTerm.Wide(ref first, ref second, i),
            TTerm.Wide(ref first, ref second, i + 4),
            TTerm.Wide(ref first, ref second, i + 8),
            TTerm.Wide(ref first, ref second, i + 12));
        a = Vector256.MultiplyAddEstimate(w, w, a);
        b = Vector256.MultiplyAddEstimate(x, x, b);
        c = Vector256.MultiplyAddEstimate(y, y, c);
        d = Vector256.MultiplyAddEstimate(z, z, d);
    }

    // From 128 bits: a conversion then takes them from memory, or a whole register, and no half of
    // one has to be moved.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widened(Vector128<float> x) =>
        Avx.IsSupported ? Avx.ConvertToVector256Double(x) : Vector256.Create(Vector128.WidenLower(x), Vector128.WidenUpper(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly (Vector256<double> A, Vector256<double> B, Vector256<double> C, Vector256<double> D) Quarters() =>
        (low.GetLower(), low.GetUpper(), high.GetLower(), high.GetUpper());

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

        // Four terms.
        static abstract Vector256<double> Wide(ref float x, ref float y, nuint i);

        static abstract float Of(float x, float y);
    }

    private readonly struct Plain : ITerm
    {
        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => x;

        public static Vector256<double> Wide(ref float x, ref float y, nuint i) => Widened(Vector128.LoadUnsafe(ref x, i));

        public static float Of(float x, float y) => x;
    }

    private readonly struct Difference : ITerm
    {
        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => x - y;

        public static Vector256<double> Wide(ref float x, ref float y, nuint i) => Widened(Vector128.LoadUnsafe(ref x, i) - Vector128.LoadUnsafe(ref y, i));

        public static float Of(float x, float y) => x - y;
    }
}

namespace Orchestrator.Numerics;

/// <summary>
/// Sums whose order is fixed: within a block of <see cref="Block"/> elements, 16 logical lanes in
/// double precision, folded in halves; the blocks' sums added in order. The result is the same at
/// any vector width, and the same whether a vector is taken whole or in pieces
/// (<see cref="RunningSum"/>). A product of two floats is exact in double precision, so a fused
/// multiply-add, used where there is one, changes no bit.
/// </summary>
public static class FixedOrder
{
    /// <summary>Elements per block.</summary>
    public const int Block = 4096;

    /// <summary>
    /// Elements of a piece that several vectors of it fit the first-level cache together; a divisor
    /// of <see cref="Block"/>.
    /// </summary>
    public const int Piece = 1024;

    /// <summary>Sum of x².</summary>
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        var sum = default(RunningSum);
        sum.AddSquares(x);
        return sum.Total;
    }

    /// <summary>Sum of (x - y)², the difference rounded to float32 first.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double SumOfSquaredDifferences(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var sum = default(RunningSum);
        sum.AddSquaredDifferences(x, y);
        return sum.Total;
    }
}

namespace Orchestrator.Numerics.Tests;

/// <summary>
/// Sums are defined by 16 lanes and blocks of 4,096, whatever vectors the processor has.
/// </summary>
public sealed class FixedOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(10_003)]
    public void Sums_AreThoseOfTheDefinition_BitForBit(int length)
    {
        var random = new Random(length);
        var (x, y) = (new float[length], new float[length]);
        for (var i = 0; i < length; i++)
        {
            (x[i], y[i]) = ((float)Math.Exp(20 * (random.NextDouble() - 0.5)), random.NextSingle());
        }

        Assert.Equal(Bits(Defined(x)), Bits(FixedOrder.SumOfSquares(x)));
        Assert.Equal(Bits(Defined([.. x.Zip(y, (a, b) => a - b)])), Bits(FixedOrder.SumOfSquaredDifferences(x, y)));
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(15, 1_024)]
    [InlineData(1_000, 16)]
    [InlineData(4_096, 1_024)]
    [InlineData(4_097, 1_024)]
    [InlineData(10_003, 48)]
    [InlineData(10_003, 5_008)]
    [InlineData(10_003, 100_000)]
    public void SumsInPieces_AreThoseOfTheWhole(int length, int piece)
    {
        var random = new Random(length);
        var x = Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var y = Enumerable.Range(0, length).Select(_ => 100 * random.NextSingle()).ToArray();
        var (alone, squares, differences) = (default(RunningSum), default(RunningSum), default(RunningSum));
        for (var i = 0; i < length; i += piece)
        {
            var part = i..Math.Min(length, i + piece);
            alone.AddSquares(x.AsSpan(part));
            RunningSum.Add(ref squares, x.AsSpan(part), ref differences, y.AsSpan(part), x.AsSpan(part));
        }

        Assert.Equal(Bits(Defined(x)), Bits(alone.Total));
        Assert.Equal(Bits(Defined(x)), Bits(squares.Total));
        Assert.Equal(Bits(Defined([.. x.Zip(y, (a, b) => b - a)])), Bits(differences.Total));
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    private static double Defined(float[] values) => values.Chunk(FixedOrder.Block).Aggregate(0.0, (total, block) => total + OfBlock(block));

    private static double OfBlock(float[] block)
    {
        var lanes = new double[16];
        for (var i = 0; i < block.Length; i++)
        {
            lanes[i % 16] += (double)block[i] * block[i];
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
}

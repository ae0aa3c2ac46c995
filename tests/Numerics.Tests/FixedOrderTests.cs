namespace Orchestrator.Numerics.Tests;

/// <summary>Sums are defined by 16 lanes and blocks of 4,096, whatever vectors the processor has.</summary>
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
        var (ofY, ofDifferences) = FixedOrder.SumsOfSquares(y, y, x);
        Assert.Equal((Bits(Defined(y)), Bits(Defined([.. x.Zip(y, (a, b) => b - a)]))), (Bits(ofY), Bits(ofDifferences)));
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

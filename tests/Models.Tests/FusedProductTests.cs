using System.Runtime.Intrinsics;
using Orchestrator.Numerics;

namespace Orchestrator.Models.Tests;

public sealed class FusedProductTests
{
    [Fact]
    public void Add_IsTheProcessorsInstruction()
    {
        Assert.SkipUnless(FusedProduct.IsFast, "skipped: this processor has no fused multiply-add to compare with");
        var random = new RandomStreams(1).Open("bits");
        for (var i = 0; i < 3_000_000; i++)
        {
            // Any bits; bits whose exponents are near each other; sums that nearly cancel.
            var (a, b, c) = (AnyFloat(random), AnyFloat(random), AnyFloat(random));
            (a, b) = i % 3 == 0 ? (a, b) : (Near(random, 1), Near(random, 1));
            c = (i % 3) switch
            {
                0 => c,
                1 => -(a * b) * (1 + (float)((random.NextDouble() - 0.5) * 1e-6)),
                _ => Near(random, MathF.Pow(2, random.Next(-60, 60))),
            };
            Assert.Equal(Bits(MathF.FusedMultiplyAdd(a, b, c)), Bits(FusedProduct.Add(a, b, c)));
            Assert.Equal(Bits(MathF.FusedMultiplyAdd(b, c, a)), Bits(FusedProduct.Add(Vector128.Create(b), Vector128.Create(c), Vector128.Create(a))[i & 3]));
        }
    }

    [Theory]
    [InlineData(0f, -1f, -0f)]
    [InlineData(-0f, 1f, -0f)]
    [InlineData(float.PositiveInfinity, 0f, 1f)]
    [InlineData(float.PositiveInfinity, 1f, float.NegativeInfinity)]
    [InlineData(float.MaxValue, 2f, float.NegativeInfinity)]
    [InlineData(float.MaxValue, 2f, -float.MaxValue)]
    [InlineData(float.Epsilon, 0.5f, 0f)]
    [InlineData(float.Epsilon, -0.5f, float.Epsilon)]
    [InlineData(1.1754945E-38f, 1f, float.Epsilon)]
    public void Add_OfExtremes_IsTheProcessorsInstruction(float a, float b, float c) =>
        Assert.Equal(Bits(MathF.FusedMultiplyAdd(a, b, c)), Bits(FusedProduct.Add(a, b, c)));

    private static float AnyFloat(RandomStream random) => BitConverter.UInt32BitsToSingle(random.NextUInt32());

    private static float Near(RandomStream random, float scale) => scale * (float)((4 * random.NextDouble()) - 2);

    private static uint Bits(float value) => float.IsNaN(value) ? 0x7FC00000 : BitConverter.SingleToUInt32Bits(value);
}

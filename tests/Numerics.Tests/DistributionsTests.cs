using MathNet.Numerics.Distributions;

namespace Orchestrator.Numerics.Tests;

/// <summary>
/// The samplers of a well-kept library, which take the same numbers from the stream, are the
/// oracle; only their last digits are the C library's.
/// </summary>
public sealed class DistributionsTests
{
    private const int Draws = 20_000;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(60, 5)]
    public void Normal_AgreesWithTheLibrarys(double mean, double deviation) =>
        AssertAgree(r => Distributions.Normal(r, mean, deviation), r => Normal.Sample(r, mean, deviation), mean == 0 ? 0 : 1);

    [Theory]
    [InlineData(0.001)]
    [InlineData(100)]
    public void Exponential_AgreesWithTheLibrarys(double mean) =>
        AssertAgree(r => Distributions.Exponential(r, mean), r => mean * Exponential.Sample(r, 1), 0);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1e6)]
    public void Gamma_AgreesWithTheLibrarys(double shape) =>
        AssertAgree(r => Distributions.Gamma(r, shape), r => Gamma.Sample(r, shape, 1), 0);

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(7.5)]
    public void Gamma_HasItsShapeAsMeanAndVariance(double shape)
    {
        var random = new RandomStreams(11).Open("gamma");
        var draws = Enumerable.Range(0, 100_000).Select(_ => Distributions.Gamma(random, shape)).ToArray();
        var mean = draws.Average();
        Assert.Equal(shape, mean, 5 * Math.Sqrt(shape / draws.Length));
        Assert.Equal(shape, draws.Select(d => (d - mean) * (d - mean)).Average(), 0.05 * Math.Max(1, shape));
    }

    [Fact]
    public void Draws_HaveTheBitsOfEveryOtherSystem()
    {
        var random = new RandomStreams(3).Open("bits");
        double[] draws =
            [Distributions.Normal(random, 0, 1), Distributions.Exponential(random, 1), Distributions.Gamma(random, 0.5), Distributions.Gamma(random, 3)];
        Assert.Equal([4596834488635336131, 4605635014000339015, 4587323704401090109, 4606980159415505098], draws.Select(BitConverter.DoubleToInt64Bits));
    }

    private static void AssertAgree(Func<Random, double> ours, Func<Random, double> theirs, double scale)
    {
        var (first, second) = (new RandomStreams(5).Open("draws"), new RandomStreams(5).Open("draws"));
        for (var i = 0; i < Draws; i++)
        {
            var (a, b) = (ours(first), theirs(second));
            Assert.Equal(b, a, 1e-12 * Math.Max(scale, Math.Abs(b)));
        }

        Assert.Equal(second.NextDouble(), first.NextDouble());
    }
}

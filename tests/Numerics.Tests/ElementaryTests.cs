using Orchestrator.Numerics;

namespace Orchestrator.Numerics.Tests;

public sealed class ElementaryTests
{
    [Fact]
    public void Exp_AgreesWithTheSystems()
    {
        for (var x = -700.0; x < 700; x += 0.37)
        {
            Assert.InRange(Elementary.Exp(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
        }

        Assert.Equal(0, Elementary.Exp(-800));
        Assert.Equal(double.PositiveInfinity, Elementary.Exp(800));
        Assert.Equal(1, Elementary.Exp(0));
        Assert.True(double.IsNaN(Elementary.Exp(double.NaN)));
    }

    [Fact]
    public void Log_AgreesWithTheSystems()
    {
        for (var x = 1e-300; x < 1e300; x *= 1.37)
        {
            Assert.Equal(Math.Log(x), Elementary.Log(x), 1e-15 * Math.Max(1, Math.Abs(Math.Log(x))));
        }

        Assert.Equal(0, Elementary.Log(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Elementary.Log(0));
    }

    [Fact]
    public void CosPi_AgreesWithTheSystems()
    {
        for (var i = 0; i <= 1000; i++)
        {
            Assert.Equal(Math.Cos(Math.PI * i / 1000), Elementary.CosPi(i / 1000.0), 1e-15);
        }

        Assert.Equal((1, 0, -1), (Elementary.CosPi(0), Elementary.CosPi(0.5), Elementary.CosPi(1)));
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(-0.9)]
    [InlineData(1.5)]
    public void Power_OfAnInteger_IsARepeatedProduct(double x)
    {
        var product = 1.0;
        for (var n = 0; n < 200; n++, product *= x)
        {
            Assert.Equal(product, Elementary.Power(x, n), 1e-13 * Math.Abs(product));
            Assert.Equal(1 / product, Elementary.Power(x, -(long)n), 1e-13 * Math.Abs(1 / product));
        }
    }
}

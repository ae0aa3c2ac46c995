namespace Orchestrator.Models.Tests;

public sealed class LaneMathTests
{
    [Fact]
    public void Exp_IsWithinTwoTenMillionths()
    {
        for (var x = -86.9f; x < 88; x += 0.0137f)
        {
            Assert.InRange(LaneMath<Lanes1>.Exp(Lanes1.Create(x)).Value / Math.Exp(x), 1 - 2e-7, 1 + 2e-7);
        }

        Assert.Equal(1, LaneMath<Lanes1>.Exp(Lanes1.Create(0)).Value);
        Assert.Equal(0, LaneMath<Lanes1>.Exp(Lanes1.Create(float.NegativeInfinity)).Value);
        Assert.True(float.IsNaN(LaneMath<Lanes1>.Exp(Lanes1.Create(float.NaN)).Value));
    }

    [Fact]
    public void Log_IsWithinTwoTenMillionths()
    {
        for (var x = 1e-30f; x < 1e30f; x *= 1.0137f)
        {
            var expected = Math.Log(x);
            Assert.InRange(
                LaneMath<Lanes1>.Log(Lanes1.Create(x)).Value, expected - (2e-7 * Math.Abs(expected)) - 1e-8, expected + (2e-7 * Math.Abs(expected)) + 1e-8);
        }

        Assert.Equal(0, LaneMath<Lanes1>.Log(Lanes1.Create(1)).Value);
    }

    [Fact]
    public void Tanh_IsWithinTwoTenMillionths()
    {
        for (var x = -12f; x < 12; x += 0.00137f)
        {
            Assert.InRange(LaneMath<Lanes1>.Tanh(Lanes1.Create(x)).Value / Math.Tanh(x), 1 - 2.5e-7, 1 + 2.5e-7);
        }

        Assert.Equal(-1, LaneMath<Lanes1>.Tanh(Lanes1.Create(float.NegativeInfinity)).Value);
        Assert.True(float.IsNaN(LaneMath<Lanes1>.Tanh(Lanes1.Create(float.NaN)).Value));
    }
}

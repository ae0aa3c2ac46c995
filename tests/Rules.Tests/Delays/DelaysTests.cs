using Orchestrator.Abstractions;
using Orchestrator.Delays;
using Orchestrator.Numerics;

namespace Orchestrator.Rules.Tests.Delays;

public sealed class DelaysTests
{
    [Fact]
    public void A_negative_normal_draw_is_taken_as_zero()
    {
        var draws = Draws(new Gaussian(new GaussianOptions(0, 5)), 1000);
        Assert.All(draws, ms => Assert.True(ms >= 0));
        Assert.InRange(draws.Count(ms => ms == 0), 400, 600);
    }

    [Fact]
    public void A_gamma_of_no_variation_is_its_mean() => Assert.All(Draws(new Gamma(new GammaOptions(7, 0)), 10), ms => Assert.Equal(7, ms));

    private static List<double> Draws(IDelay delay, int count)
    {
        var random = new RandomStreams(1).Open("compute");
        return [.. Enumerable.Range(0, count).Select(g => delay.Milliseconds(new DelayDraw(0, g, 1, 1, delay.Trait(0, random), random)))];
    }
}

using Orchestrator.Abstractions;
using Orchestrator.Delays;
using Orchestrator.Numerics;

namespace Orchestrator.Rules.Tests.Delays;

/// <summary>
/// Figure 3 of the gap-aware paper: how often an iteration takes more than 1.25 of the mean.
/// </summary>
public sealed class IterationTimesTests
{
    private const int Draws = 400_000;

    [Fact]
    public void Of_equal_machines_one_percent_is_late() => Assert.InRange(PercentLate(new Gamma(new(128))), 0.90, 1.00);

    [Fact]
    public void Of_unequal_machines_over_a_quarter_is_late() => Assert.InRange(PercentLate(new TwoLevelGamma(new(128))), 27.6, 28.2);

    private static double PercentLate(IDelay delay)
    {
        var key = new RandomStreams(1).Key("iteration-times");
        var random = new RandomStream(key);
        var late = 0;
        for (var worker = 0; worker < Draws; worker++)
        {
            random.Reset(key, worker);
            var trait = delay.Trait(worker, random);
            late += delay.Milliseconds(new DelayDraw(worker, 0, 128, 0, trait, random)) > 1.25 * 128 ? 1 : 0;
        }

        return 100.0 * late / Draws;
    }
}

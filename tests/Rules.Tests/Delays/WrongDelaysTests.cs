using Orchestrator.Abstractions;
using Orchestrator.Delays;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Delays;

/// <summary>
/// For each clause of the contract, a delay model that breaks it, and the suite's verdict on it.
/// </summary>
public sealed class WrongDelaysTests
{
    [Fact]
    public void A_normal_that_is_not_truncated_is_caught()
        => Caught(suite => suite.A_duration_is_finite_and_not_negative(), draw => 1 - (20 * draw.Random.NextDouble()));

    [Fact]
    public void A_duration_that_is_not_a_number_is_caught()
        => Caught(suite => suite.A_duration_is_finite_and_not_negative(), draw => draw.Gradient == 3 ? double.NaN : 1);

    [Fact]
    public void A_model_with_a_memory_is_caught()
    {
        var last = 0.0;
        Caught(suite => suite.A_draw_made_again_gives_the_same_duration(), draw => last = (0.5 * last) + draw.Random.NextDouble());
    }

    [Fact]
    public void A_model_that_counts_its_draws_is_caught()
    {
        var draws = 0;
        Caught(suite => suite.The_order_of_draws_does_not_matter(), _ => ++draws);
    }

    [Fact]
    public void A_scale_taken_for_a_rate_is_caught()
        => Caught(suite => suite.The_mean_is_what_the_options_say(), new Exponential(new(1.0 / 12)), meanMs: 12);

    [Fact]
    public void A_mean_of_the_logarithm_taken_for_the_mean_is_caught()
        => Caught(suite => suite.The_mean_is_what_the_options_say(), new Lognormal(new(20 * Math.Sqrt(2), 1)), meanMs: 20);

    [Fact]
    public void A_mean_that_is_two_percent_off_is_caught()
        => Caught(suite => suite.The_mean_is_what_the_options_say(), new Gamma(new(102)), meanMs: 100);

    [Fact]
    public void An_allocation_in_a_draw_is_caught()
        => Caught(suite => suite.A_draw_allocates_nothing(), draw => new string('x', 1 + (int)draw.Gradient).Length);

    private static void Caught(Action<Suite> fact, Func<DelayDraw, double> draw) => Caught(fact, new Lambda(draw), 1);

    private static void Caught(Action<Suite> fact, IDelay delay, double meanMs)
        => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => fact(new Suite(delay, meanMs)));

    private sealed class Suite(IDelay delay, double meanMs) : DelayContract
    {
        public override double ExpectedMeanMs => meanMs;

        public override IDelay Create() => delay;
    }

    private sealed class Lambda(Func<DelayDraw, double> draw) : IDelay
    {
        public double Milliseconds(in DelayDraw of) => draw(of);
    }
}

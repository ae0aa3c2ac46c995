using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit.Sdk;

namespace Orchestrator.Rules.Tests.Suites;

/// <summary>
/// For each promise of the schedule suite a schedule that breaks it, and the method that says so.
/// </summary>
public sealed class WrongSchedules
{
    [Fact]
    public void A_negative_factor_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => (epoch, _) => 1 - (epoch / 100)).Factor_AtAnyEpoch_IsFiniteAndNotNegative);

    [Fact]
    public void A_factor_that_overflows_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => (epoch, _) => Math.Exp(epoch)).Factor_AtAnyEpoch_IsFiniteAndNotNegative);

    [Fact]
    public void Decay_per_call_is_caught() =>
        Assert.ThrowsAny<XunitException>(
            new Suite(() =>
            {
                var factor = 1.0;
                return (_, _) => factor *= 0.9;
            }).Factor_DependsOnItsArgumentsAlone);

    private sealed class Suite(Func<Func<double, int, double>> create) : ScheduleContract
    {
        protected override ISchedule Create() => new ByFormula(create());
    }

    private sealed class ByFormula(Func<double, int, double> factor) : ISchedule
    {
        public double Factor(double epoch, int workers) => factor(epoch, workers);
    }
}

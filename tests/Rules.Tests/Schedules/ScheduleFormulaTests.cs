using Orchestrator.Abstractions;
using Orchestrator.Optimizers;

namespace Orchestrator.Rules.Tests.Schedules;

public sealed class ScheduleFormulaTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.95)]
    [InlineData(2.5, 0.879648189619)]
    public void Exponential_IsAPowerOfTheEpoch(double epoch, double factor) =>
        Assert.Equal(factor, new Exponential(new ExponentialOptions(0.95)).Factor(epoch, 4), 1e-10);

    [Theory]
    [InlineData(79.999, 1)]
    [InlineData(80, 0.2)]
    [InlineData(119.999, 0.2)]
    [InlineData(120, 0.04)]
    [InlineData(500, 0.04)]
    public void Step_DropsAtItsEpochs(double epoch, double factor) =>
        Assert.Equal(factor, new Step(new StepOptions([80, 120], 0.2)).Factor(epoch, 4), 1e-15);

    [Fact]
    public void Step_WithEpochsOutOfOrder_IsRefused()
    {
        var refused = Assert.Throws<OptionException>(() => new Step(new StepOptions([120, 80])));
        Assert.Equal("epochs[1]", refused.Option);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 0.868198051534)]
    [InlineData(50, 0.55)]
    [InlineData(100, 0.1)]
    [InlineData(200, 0.1)]
    public void Cosine_FallsToItsFinalFactor(double epoch, double factor) =>
        Assert.Equal(factor, new Cosine(new CosineOptions(100, 0.1)).Factor(epoch, 4), 1e-10);

    [Theory]
    [InlineData(0, 4, 0.25)]
    [InlineData(2.5, 4, 0.625)]
    [InlineData(5, 4, 1)]
    [InlineData(7, 4, 1)]
    [InlineData(0, 1, 1)]
    public void WarmUp_StartsAtOneOverWorkers(double epoch, int workers, double factor) =>
        Assert.Equal(factor, new WarmUp(new WarmUpOptions()).Factor(epoch, workers), 1e-15);
}

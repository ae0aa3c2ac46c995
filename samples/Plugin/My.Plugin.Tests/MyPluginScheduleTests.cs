using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every schedule promises: finite factors that depend on the arguments alone.
/// </summary>
public class MyPluginScheduleContract : ScheduleContract
{
    protected override ISchedule Create() => new MyPluginSchedule(new MyPluginScheduleOptions());
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginScheduleTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(6, 0.5)]
    [InlineData(16, 1.0 / 3)]
    public void The_factor_falls_with_the_square_root_of_the_time(double epoch, double factor) =>
        Assert.Equal(factor, new MyPluginSchedule(new MyPluginScheduleOptions(Horizon: 2)).Factor(epoch, workers: 4), 1e-15);
}

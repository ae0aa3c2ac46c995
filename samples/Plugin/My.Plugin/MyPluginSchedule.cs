using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>Options of the schedule <c>my-plugin</c>.</summary>
public sealed record MyPluginScheduleOptions(
    [Description("Epochs after which the learning rate is 1/sqrt(2) of the first.")][Range(1e-3, 1e6)] double Horizon = 5);

/// <summary>
/// The inverse square root, as the analysis of stochastic descent has it for convex losses:
/// <code>
/// factor = 1 / sqrt(1 + epoch / horizon)
/// </code>
/// A schedule is a function of its arguments and remembers nothing.
/// </summary>
[Plugin("my-plugin")]
[Description("Divides the learning rate by the square root of the time.")]
internal sealed class MyPluginSchedule(MyPluginScheduleOptions options) : ISchedule
{
    public double Factor(double epoch, int workers) => 1 / Math.Sqrt(1 + (epoch / options.Horizon));
}

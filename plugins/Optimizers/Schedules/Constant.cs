using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Optimizers;

/// <summary>
/// Factor 1 throughout: the base learning rate. What no schedule means, by name, for sweeps over
/// schedules.
/// </summary>
[Description("The base learning rate throughout.")]
[Plugin("constant")]
internal sealed class Constant : ISchedule
{
    public double Factor(double epoch, int workers) => 1;
}

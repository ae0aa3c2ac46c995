using Orchestrator.Abstractions;

namespace Orchestrator.Optimizers;

/// <summary>Factor 1 throughout: the base learning rate. What no schedule means, by name, for sweeps over schedules.</summary>
[Plugin("constant")]
internal sealed class Constant : ISchedule
{
    public double Factor(double epoch, int workers) => 1;
}

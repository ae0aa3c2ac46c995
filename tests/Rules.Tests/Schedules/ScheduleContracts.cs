using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Schedules;

public sealed class ConstantContract : ScheduleContract
{
    protected override ISchedule Create() => new Constant();
}

public sealed class ExponentialContract : ScheduleContract
{
    protected override ISchedule Create() => new Exponential(new ExponentialOptions(0.95));
}

public sealed class StepContract : ScheduleContract
{
    protected override ISchedule Create() => new Step(new StepOptions([80, 120]));
}

public sealed class CosineContract : ScheduleContract
{
    protected override ISchedule Create() => new Cosine(new CosineOptions(100));
}

public sealed class WarmUpContract : ScheduleContract
{
    protected override ISchedule Create() => new WarmUp(new WarmUpOptions());
}

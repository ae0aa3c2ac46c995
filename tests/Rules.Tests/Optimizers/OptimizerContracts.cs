using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Optimizers;

public sealed class SgdContract : OptimizerContract
{
    protected override IOptimizer Create() => new Sgd(new SgdOptions());
}

public sealed class SgdHeavyBallContract : OptimizerContract
{
    protected override IOptimizer Create() => new Sgd(new SgdOptions(Momentum: -0.8));
}

public sealed class SgdNesterovContract : OptimizerContract
{
    protected override IOptimizer Create() => new Sgd(new SgdOptions(0.9, Nesterov: true));
}

public sealed class NagAsgdContract : OptimizerContract
{
    protected override IOptimizer Create() => new NagAsgd(new NagAsgdOptions());
}

public sealed class MultiAsgdContract : OptimizerContract
{
    protected override IOptimizer Create() => new MultiAsgd(new MultiAsgdOptions());
}

public sealed class MultiAsgdLookingAheadContract : OptimizerContract
{
    protected override IOptimizer Create() => new MultiAsgd(new MultiAsgdOptions(LookAhead: LookAhead.Self));
}

public sealed class DanaZeroContract : OptimizerContract
{
    protected override IOptimizer Create() => new DanaZero(new DanaZeroOptions());
}

public sealed class LwpContract : OptimizerContract
{
    protected override IOptimizer Create() => new Lwp(new LwpOptions());
}

public sealed class LwpWeightFormContract : OptimizerContract
{
    protected override IOptimizer Create() => new Lwp(new LwpOptions(Form: PredictionForm.Weight));
}

public sealed class MsnagContract : OptimizerContract
{
    protected override IOptimizer Create() => new Msnag(new MsnagOptions());
}

public sealed class AdamContract : OptimizerContract
{
    protected override IOptimizer Create() => new Adam(new AdamOptions());
}

public sealed class EasgdContract : OptimizerContract
{
    protected override IOptimizer Create() => new Easgd(new EasgdOptions());

    protected override IWorkerRule CreateWorkerRule() => new LocalSteps(new LocalStepsOptions(3, Momentum: 0.5, Push: Payload.Parameters));
}

public sealed class DelayedNesterovContract : OptimizerContract
{
    protected override IOptimizer Create() => new DelayedNesterov(new DelayedNesterovOptions(Share: 0.1));
}

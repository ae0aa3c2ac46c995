using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.WorkerRules;

public sealed class LocalStepsContract : WorkerRuleContract
{
    protected override IWorkerRule Create() => new LocalSteps(new LocalStepsOptions());
}

public sealed class LocalStepsWithMomentumContract : WorkerRuleContract
{
    protected override IWorkerRule Create() => new LocalSteps(new LocalStepsOptions(4, 0.1, 0.9, Payload.Parameters));
}

public sealed class DanaSlimContract : WorkerRuleContract
{
    protected override IWorkerRule Create() => new DanaSlim(new DanaSlimOptions());
}

public sealed class TopKContract : ErrorFeedbackContract
{
    protected override IWorkerRule Create() => new TopK(new TopKOptions(0.1));
}

public sealed class RandomKContract : ErrorFeedbackContract
{
    protected override IWorkerRule Create() => new RandomK(new RandomKOptions(0.1));
}

public sealed class OneBitContract : ErrorFeedbackContract
{
    protected override IWorkerRule Create() => new OneBit(new OneBitOptions(10));
}

public sealed class TwoBitContract : ErrorFeedbackContract
{
    protected override IWorkerRule Create() => new TwoBit(new TwoBitOptions());
}

public sealed class QsgdContract : WorkerRuleContract
{
    protected override IWorkerRule Create() => new Qsgd(new QsgdOptions(4, 10));
}

using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Identities;

/// <summary>Compositions that identities are about.</summary>
internal static class Compose
{
    public static RuleSetup Of(int workers, Func<IOptimizer> optimizer) => new() { Optimizer = optimizer, Workers = workers, LearningRate = _ => 0.002 };

    public static RuleSetup Sgd(int workers, double momentum = 0, bool nesterov = false) => Of(workers, () => new Sgd(new SgdOptions(momentum, nesterov)));

    public static RuleSetup NagAsgd(int workers) => Of(workers, () => new NagAsgd(new NagAsgdOptions()));

    public static RuleSetup DanaZero(int workers) => Of(workers, () => new DanaZero(new DanaZeroOptions()));

    public static RuleSetup With(this RuleSetup setup, Func<ICorrection> correction) => setup with { Corrections = [correction] };

    public static RuleSetup With(this RuleSetup setup, Func<IWorkerRule> rule) => setup with { WorkerRule = rule };

    public static RuleSetup At(this RuleSetup setup, double learningRate) => setup with { LearningRate = _ => learningRate };
}

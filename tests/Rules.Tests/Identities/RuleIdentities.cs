using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Identities;

public sealed class DanaZero_OneWorker_IsNagAsgd : IdentityContract
{
    protected override RuleSetup Rule => Compose.DanaZero(1);

    protected override RuleSetup Equal => Compose.NagAsgd(1);

    protected override double Tolerance => 1e-6;
}

public sealed class Msnag_OneWorker_IsNagAsgd : IdentityContract
{
    protected override RuleSetup Rule => Compose.Of(1, () => new Msnag(new MsnagOptions()));

    protected override RuleSetup Equal => Compose.NagAsgd(1);

    protected override double Tolerance => 1e-6;
}

public sealed class LwpWeightForm_IsVelocityForm : IdentityContract
{
    protected override RuleSetup Rule => Compose.Of(1, () => new Lwp(new LwpOptions(Form: PredictionForm.Weight)));

    protected override RuleSetup Equal => Compose.Of(1, () => new Lwp(new LwpOptions()));

    protected override double Tolerance => 1e-6;
}

public sealed class LwpWeightForm_FourWorkers_IsVelocityForm : IdentityContract
{
    protected override RuleSetup Rule => Compose.Of(4, () => new Lwp(new LwpOptions(Form: PredictionForm.Weight)));

    protected override RuleSetup Equal => Compose.Of(4, () => new Lwp(new LwpOptions()));

    protected override double Tolerance => 1e-6;
}

public sealed class DanaSlim_IsDanaZero : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(4).With(() => new DanaSlim(new DanaSlimOptions())).At(0.02);

    protected override RuleSetup Equal => Compose.DanaZero(4).At(0.02);

    protected override double Tolerance => 1e-6;
}

public sealed class DanaSlim_SixteenWorkers_IsDanaZero : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(16).With(() => new DanaSlim(new DanaSlimOptions())).At(0.02);

    protected override RuleSetup Equal => Compose.DanaZero(16).At(0.02);

    protected override double Tolerance => 1e-6;
}

public sealed class MultiAsgdLookingAheadOverAll_IsDanaZero : IdentityContract
{
    protected override RuleSetup Rule => Compose.Of(4, () => new MultiAsgd(new MultiAsgdOptions(LookAhead: LookAhead.All)));

    protected override RuleSetup Equal => Compose.DanaZero(4);
}

public sealed class SgdNesterov_OneWorker_IsNagAsgdAsSent : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(1, 0.9, nesterov: true);

    protected override RuleSetup Equal => Compose.NagAsgd(1);

    protected override double Tolerance => 1e-6;
}

public sealed class DanaSlim_OneWorker_IsSgdNesterov : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(1).With(() => new DanaSlim(new DanaSlimOptions()));

    protected override RuleSetup Equal => Compose.Sgd(1, 0.9, nesterov: true);
}

public sealed class DelayedNesterovWithoutDelay_IsSgdNesterov : IdentityContract
{
    protected override RuleSetup Rule => Compose.Of(4, () => new DelayedNesterov(new DelayedNesterovOptions(Period: 1)));

    protected override RuleSetup Equal => Compose.Sgd(4, 0.9, nesterov: true);
}

public sealed class OneLocalStep_IsAPlainGradient : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(4, 0.9).With(() => new LocalSteps(new LocalStepsOptions(1)));

    protected override RuleSetup Equal => Compose.Sgd(4, 0.9);
}

public sealed class TopKOfAll_IsAPlainGradient : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(4, 0.9).With(() => new TopK(new TopKOptions(1)));

    protected override RuleSetup Equal => Compose.Sgd(4, 0.9);
}

public sealed class RandomKOfAll_IsAPlainGradient : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(4, 0.9).With(() => new RandomK(new RandomKOptions(1)));

    protected override RuleSetup Equal => Compose.Sgd(4, 0.9);
}

public sealed class DelayCompensationOfLambdaZero_IsNone : IdentityContract
{
    protected override RuleSetup Rule => Compose.DanaZero(8).With(() => new DelayCompensation(new DelayCompensationOptions(Lambda: 0)));

    protected override RuleSetup Equal => Compose.DanaZero(8);
}

public sealed class AdaptiveDelayCompensationOfLambdaZero_IsNone : IdentityContract
{
    protected override RuleSetup Rule =>
        Compose.Sgd(8, 0.9).With(() => new DelayCompensation(new DelayCompensationOptions(CompensationForm.Adaptive, 0)));

    protected override RuleSetup Equal => Compose.Sgd(8, 0.9);
}

public sealed class PolynomialOfPowerZero_IsNone : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(8, 0.9).With(() => new Polynomial(new PolynomialOptions(0)));

    protected override RuleSetup Equal => Compose.Sgd(8, 0.9);
}

public sealed class PolynomialOfPowerOne_IsStalenessAware : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(8, 0.9).With(() => new Polynomial(new PolynomialOptions(1)));

    protected override RuleSetup Equal => Compose.Sgd(8, 0.9).With(() => new StalenessAware());

    protected override double Tolerance => 1e-6;
}

public sealed class GapAware_OneWorker_IsHeavyBall : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(1, 0.9).With(() => new GapAware(new GapAwareOptions()));

    protected override RuleSetup Equal => Compose.Sgd(1, 0.9);
}

public sealed class StalenessAware_OneWorker_IsHeavyBall : IdentityContract
{
    protected override RuleSetup Rule => Compose.Sgd(1, 0.9).With(() => new StalenessAware());

    protected override RuleSetup Equal => Compose.Sgd(1, 0.9);
}

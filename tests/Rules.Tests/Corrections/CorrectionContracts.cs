using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Corrections;

public sealed class StalenessAwareContract : CorrectionContract
{
    protected override ICorrection Create() => new StalenessAware();
}

public sealed class GapAwareContract : CorrectionContract
{
    protected override ICorrection Create() => new GapAware(new GapAwareOptions());
}

public sealed class GapAwareWithoutMomentumContract : CorrectionContract
{
    protected override ICorrection Create() => new GapAware(new GapAwareOptions());

    protected override IOptimizer CreateOptimizer() => new Sgd(new SgdOptions());
}

public sealed class GapAwareScalarContract : CorrectionContract
{
    protected override ICorrection Create() => new GapAware(new GapAwareOptions(GapForm.Scalar));
}

public sealed class GapAwareOnDanaZeroContract : CorrectionContract
{
    protected override ICorrection Create() => new GapAware(new GapAwareOptions(Reference: GapReference.LookAhead));

    protected override IOptimizer CreateOptimizer() => new DanaZero(new DanaZeroOptions());
}

public sealed class GapAwareOnAdamContract : CorrectionContract
{
    protected override ICorrection Create() => new GapAware(new GapAwareOptions());

    protected override IOptimizer CreateOptimizer() => new Adam(new AdamOptions());
}

public sealed class GapAwareOnDelayedNesterovContract : CorrectionContract
{
    protected override ICorrection Create() => new GapAware(new GapAwareOptions());

    protected override IOptimizer CreateOptimizer() => new DelayedNesterov(new DelayedNesterovOptions());
}

public sealed class DelayCompensationContract : CorrectionContract
{
    protected override ICorrection Create() => new DelayCompensation(new DelayCompensationOptions());
}

public sealed class DelayCompensationAdaptiveContract : CorrectionContract
{
    protected override ICorrection Create() => new DelayCompensation(new DelayCompensationOptions(CompensationForm.Adaptive));
}

public sealed class DelayCompensationOffContract : CorrectionContract
{
    protected override ICorrection Create() => new DelayCompensation(new DelayCompensationOptions(Lambda: 0));

    protected override bool Corrects => false;
}

public sealed class DelayAdaptiveContract : CorrectionContract
{
    protected override ICorrection Create() => new DelayAdaptive();
}

public sealed class PolynomialContract : CorrectionContract
{
    protected override ICorrection Create() => new Polynomial(new PolynomialOptions());
}

public sealed class HingeContract : CorrectionContract
{
    protected override ICorrection Create() => new Hinge(new HingeOptions());
}

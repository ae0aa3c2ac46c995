using Orchestrator.Abstractions;
using Orchestrator.Delays;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Delays;

public sealed class ConstantTests : DelayContract
{
    public override double ExpectedMeanMs => 30;

    public override IDelay Create() => new Constant(new(30));
}

public sealed class GaussianTests : DelayContract
{
    public override double ExpectedMeanMs => 30;

    public override IDelay Create() => new Gaussian(new(30, 5));
}

public sealed class GaussianTruncatedTests : DelayContract
{
    // E max(0, sigma z) = sigma / sqrt(2 pi).
    public override double ExpectedMeanMs => 5 / Math.Sqrt(2 * Math.PI);

    public override IDelay Create() => new Gaussian(new(0, 5));
}

public sealed class GammaTests : DelayContract
{
    public override double ExpectedMeanMs => 128;

    public override IDelay Create() => new Gamma(new(128));
}

public sealed class GammaOfLargeSpreadTests : DelayContract
{
    public override double ExpectedMeanMs => 10;

    public override IDelay Create() => new Gamma(new(10, 2));
}

public sealed class GammaOfNoSpreadTests : DelayContract
{
    public override double ExpectedMeanMs => 10;

    public override IDelay Create() => new Gamma(new(10, 0));
}

public sealed class TwoLevelGammaTests : DelayContract
{
    public override double ExpectedMeanMs => 128;

    public override IDelay Create() => new TwoLevelGamma(new(128));
}

public sealed class ExponentialTests : DelayContract
{
    public override double ExpectedMeanMs => 12;

    public override IDelay Create() => new Exponential(new(12));
}

public sealed class LognormalTests : DelayContract
{
    public override double ExpectedMeanMs => 20;

    public override IDelay Create() => new Lognormal(new(20, 1));
}

public sealed class UniformTests : DelayContract
{
    public override double ExpectedMeanMs => 7;

    public override IDelay Create() => new Uniform(new(4, 10));

    [Fact]
    public void Bounds_in_the_wrong_order_are_refused()
        => Assert.Equal("maxMs", Assert.Throws<OptionException>(() => new Uniform(new(2, 1))).Option);
}

public sealed class BandwidthTests : DelayContract
{
    // 8 megabits at 100 per second, and 2 ms.
    public override double ExpectedMeanMs => 82;

    public override IDelay Create() => new Bandwidth(new(100, 2));
}

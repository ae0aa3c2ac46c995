using Orchestrator.Abstractions;
using Orchestrator.Networks;
using Orchestrator.Testing;

namespace Orchestrator.Models.Tests;

public sealed class QuadraticContract : ModelContract
{
    public override IModel Create() => new Quadratic(new QuadraticOptions());

    public override DatasetShape Data => new([1], [], 100, 1);

    public override bool GradientIsExact => false;
}

public sealed class QuadraticWithoutNoiseContract : ModelContract
{
    public override IModel Create() => new Quadratic(new QuadraticOptions(NoiseStandardDeviation: 0));

    public override DatasetShape Data => new([1], [], 100, 1);
}

public sealed class SoftmaxRegressionContract : ModelContract
{
    public override IModel Create() => new SoftmaxRegressionModel(new SoftmaxRegression());
}

public sealed class MlpContract : ModelContract
{
    public override IModel Create() => new MlpModel(new Mlp([7, 6], MlpActivation.Tanh));
}

/// <summary>Values are predicted in the place of classes.</summary>
public sealed class MlpOfValuesContract : ModelContract
{
    public override IModel Create() => new MlpModel(new Mlp([7, 6], MlpActivation.Tanh));

    public override DatasetShape Data => new([5], [], 100, 20) { Values = 3 };
}

/// <summary>Convolution, batch statistics and drop-out: buffers, and a random stream.</summary>
public sealed class SequentialContract : ModelContract
{
    public override IModel Create() => new SequentialModel(new Sequential(
        [new Conv2dOptions(4, 3), new BatchNormOptions(), new TanhOptions(), new FlattenOptions(), new DropoutOptions(0.3), new LinearOptions(3)]));

    public override DatasetShape Data => new([2, 5, 4], ["a", "b", "c"], 100, 20);
}

public sealed class LeNet5Contract : ModelContract
{
    public override IModel Create() => new LeNet5Model(new LeNet5());

    public override DatasetShape Data => new([1, 28, 28], [.. Enumerable.Range(0, 10).Select(i => $"{i}")], 100, 20);
}

public sealed class ManagedBackendContract : NetworkBackendContract
{
    protected override INetworkBackend CreateBackend() => new ManagedBackend();
}

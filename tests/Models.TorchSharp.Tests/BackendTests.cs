using Orchestrator.Networks;

namespace Orchestrator.Models.TorchSharp.Tests;

/// <summary>
/// The torch backend beside the managed one: the same network, initial values, masks and, but for
/// rounding, gradients.
/// </summary>
public sealed class BackendTests
{
    // Rectifiers that flip at rounding make residual networks differ by more; float64 says that
    // neither side is nearer.
    public static TheoryData<string, double> Networks => new()
    {
        { "lenet5", 1e-5 }, { "cnn", 1e-5 }, { "mlp", 1e-5 }, { "softmax-regression", 1e-5 }, { "cnn-cifar", 1e-5 },
        { "resnet20", 1e-2 }, { "resnet18", 3e-2 }, { "wide-resnet-16-4", 3e-2 }, { "inception-bn-28-small", 1e-2 }, { "concat", 1e-5 },
        { "one-place", 1e-5 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradient_OfBothBackends_Agrees(string name, double tolerance)
    {
        Torch.Require();
        var (architecture, batch) = (Named(name), name is "resnet20" or "resnet18" or "wide-resnet-16-4" or "inception-bn-28-small" ? 8 : 32);
        var data = DataOf(name);
        var network = architecture.Describe(data);
        var managed = Torch.Differentiate(new ManagedBackend().Build(network), data, batch);

        var torch = Torch.Differentiate(new TorchBackend(new TorchOptions()).Build(network), data, batch);

        Assert.Equal(managed.Parameters, torch.Parameters);
        Assert.InRange(Math.Abs(managed.Loss - torch.Loss), 0, 1e-4 * managed.Loss);
        Assert.InRange(Torch.RelativeError(managed.Gradient, torch.Gradient), 0, tolerance);
        Assert.InRange(Torch.RelativeError(managed.Pushed, torch.Pushed), 0, 1e-4);
        Assert.InRange(Math.Abs(managed.Tested - torch.Tested), 0, 1e-4 * Math.Abs(managed.Tested));
        Assert.Equal(managed.Predictions, torch.Predictions);
    }

    // The last batch of an epoch may be one sample, whose features are one value per channel.
    [Fact]
    public void BatchNorm_OfOneValue_PushesItAndNoVariance()
    {
        Torch.Require();
        var data = Torch.Images(1, 2, 2);
        var network = new Sequential([new FlattenOptions(), new LinearOptions(5), new BatchNormOptions(), new LinearOptions(10)]).Describe(data);
        var managed = Torch.Differentiate(new ManagedBackend().Build(network), data, 1);

        var torch = Torch.Differentiate(new TorchBackend(new TorchOptions()).Build(network), data, 1);

        Assert.InRange(Torch.RelativeError(managed.Pushed, torch.Pushed), 0, 1e-6);
        Assert.InRange(Torch.RelativeError(managed.Gradient, torch.Gradient), 0, 1e-4);
    }

    // Without a rectifier that rounding flips both are within 1e-5; a single one that flips is 0.4 %
    // of resnet20's gradient, and which side it happens to is chance.
    [Theory]
    [InlineData("resnet20", 1e-2)]
    [InlineData("resnet18", 1e-2)]
    [InlineData("wide-resnet-16-4", 1e-2)]
    [InlineData("inception-bn-28-small", 1e-2)]
    public void Gradient_OfNetworksOfBlocks_IsThatOfFloat64OnBothBackends(string name, double tolerance)
    {
        Torch.Require();
        var data = DataOf(name);
        var network = Named(name).Describe(data);
        var managed = Torch.Differentiate(new ManagedBackend().Build(network), data, 8);
        var torch = Torch.Differentiate(new TorchBackend(new TorchOptions()).Build(network), data, 8);

        var exact = Float64.Gradient(network, managed.Parameters, Torch.Inputs(8, data), Torch.Labels(8), data.Input);

        var (ours, theirs) = (Torch.RelativeError(exact, managed.Gradient), Torch.RelativeError(exact, torch.Gradient));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: managed {ours}, torch {theirs}");
        Assert.InRange(ours, 0, tolerance);
        Assert.InRange(theirs, 0, tolerance);
    }

    [Theory]
    [InlineData("lenet5", 1)]
    [InlineData("mlp", 3)]
    [InlineData("softmax-regression", 2)]
    public void Gradient_OfValues_AgreesOnBothBackends(string name, int values)
    {
        Torch.Require();
        var data = new Orchestrator.Abstractions.DatasetShape([1, 28, 28], [], 100, 100) { Values = values };
        var network = Named(name).Describe(data);
        var managed = Torch.Differentiate(new ManagedBackend().Build(network), data, 32);

        var torch = Torch.Differentiate(new TorchBackend(new TorchOptions()).Build(network), data, 32);

        Assert.Equal(managed.Parameters, torch.Parameters);
        Assert.InRange(Math.Abs(managed.Loss - torch.Loss), 0, 1e-5 * managed.Loss);
        Assert.InRange(Torch.RelativeError(managed.Gradient, torch.Gradient), 0, 1e-5);
        Assert.InRange(Math.Abs(managed.Tested - torch.Tested), 0, 1e-5 * managed.Tested);
    }

    [Fact]
    public void Gradient_FromReplicasOnFourThreads_HasTheSameBits()
    {
        Torch.Require();
        var data = Torch.Images(1, 28, 28);
        var objective = new TorchBackend(new TorchOptions()).Build(new Cnn().Describe(data));
        var expected = Torch.Differentiate(objective, data, 32);

        var results = new Result[4];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() => results[i] = Torch.Differentiate(objective, data, 32))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(results, result => Assert.Equal(expected.Gradient, result.Gradient));
    }

    [Fact]
    public void Device_ThatIsNotHere_IsRefusedWithItsName()
    {
        Torch.Require();

        var refused = Assert.Throws<Orchestrator.Abstractions.OptionException>(() => TorchDevice.Open("cuda:3"));

        Assert.Equal("device", refused.Option);
        Assert.StartsWith("cuda:3 is not here", refused.Message, StringComparison.Ordinal);
    }

    // Its generator's state cannot be seen, so that whether a model drops out there is not known.
    [Fact]
    public void Generator_OfAnotherDevice_IsTakenToBeUsed()
    {
        Torch.Require();
        var cuda = new global::TorchSharp.torch.Device(global::TorchSharp.DeviceType.CUDA, 0);

        Assert.True(GlobalGenerator.IsUsedBy(() => { }, cuda));
        Assert.False(GlobalGenerator.IsUsedBy(() => { }, global::TorchSharp.torch.CPU));
        Assert.True(GlobalGenerator.IsUsedBy(() => global::TorchSharp.torch.rand(1).Dispose(), global::TorchSharp.torch.CPU));
    }

    [Fact]
    public void TwentyThousandGradients_DoNotGrowTheProcess()
    {
        Torch.Require();
        var data = Torch.Images(1, 28, 28);
        using var replica = new TorchBackend(new TorchOptions()).Build(new LeNet5().Describe(data)).CreateReplica(4);
        var (inputs, labels) = (Torch.Inputs(4, data), Torch.Labels(4));
        var (parameters, gradient) = (new float[61706], new float[61706]);
        void Compute(int times)
        {
            for (var i = 0; i < times; i++)
            {
                replica.Gradient(parameters, [], new Orchestrator.Abstractions.Batch(inputs, labels, 4), Torch.Dropout(), gradient, []);
            }
        }

        Compute(1_000);
        var before = Resident();
        Compute(20_000);

        Assert.InRange(Resident() - before, long.MinValue, 20L << 20);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private static Orchestrator.Abstractions.DatasetShape DataOf(string name) => name switch
    {
        "cnn-cifar" or "resnet20" or "resnet18" or "wide-resnet-16-4" => Torch.Images(3, 32, 32),
        "inception-bn-28-small" => Torch.Images(3, 28, 28),
        _ => Torch.Images(1, 28, 28),
    };

    // Without rectifiers; images of one place beside features, and a mask.
    private static Sequential Concat => new(
    [
        new Conv2dOptions(4, 3, 2), new TanhOptions(),
        new ConcatOptions(
        [
            new SequentialOptions([new Conv2dOptions(3, 1), new DropoutOptions(0.3), new TanhOptions()]),
            new MaxPoolOptions(3, 1, 1), new AveragePoolOptions(3, 1, 1), new SequentialOptions([]),
        ]),
        new ConcatOptions([new Conv2dOptions(5, 3, 2, 1), new MaxPoolOptions(3, 2, 1)]),
        new ConcatOptions([new GlobalAveragePoolOptions(), new SequentialOptions([new FlattenOptions(), new LinearOptions(7)])]),
        new LinearOptions(10),
    ]);

    // Features that layers of images take, and images of one place.
    private static Sequential OnePlace => new(
    [
        new FlattenOptions(), new LinearOptions(6), new Conv2dOptions(8, 1), new TanhOptions(),
        new ResidualOptions([new LinearOptions(8), new BatchNormOptions()], [new Conv2dOptions(8, 1)]), new ResidualOptions([new LinearOptions(8), new TanhOptions()]),
        new PadChannelsOptions(9), new LinearOptions(7), new PadChannelsOptions(8), new LinearOptions(4), new MaxPoolOptions(1), new LinearOptions(5),
        new AveragePoolOptions(1), new LinearOptions(10),
    ]);

    private static Architecture Named(string name) => name switch
    {
        "lenet5" => new LeNet5(),
        "cnn" => new Cnn(),
        "mlp" => new Mlp([64, 32]),
        "softmax-regression" => new SoftmaxRegression(),
        "cnn-cifar" => new CnnCifar(),
        "resnet20" => new ResNet20(),
        "resnet18" => new ResNet18(),
        "inception-bn-28-small" => new InceptionBn28Small(),
        "concat" => Concat,
        "one-place" => OnePlace,
        _ => new WideResNet164(),
    };
}

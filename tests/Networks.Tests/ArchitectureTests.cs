using Orchestrator.Abstractions;

namespace Orchestrator.Networks.Tests;

public sealed class ArchitectureTests
{
    private static readonly DatasetShape Gray28 = Shape(10, 1, 28, 28);

    private static DatasetShape Shape(int classes, params int[] input) => new(input, [.. Enumerable.Range(0, classes).Select(i => $"c{i}")], 100, 100);

    [Fact]
    public void LeNet5_OnGray28_HasPublishedParameterCountAndNames()
    {
        var layout = new LeNet5().Describe(Gray28).Layout;
        Assert.Equal(61_706, layout.Length);
        Assert.Equal(
            ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias"],
            layout.Parameters.Select(t => t.Name));
        Assert.Equal([16, 6, 5, 5], layout.Parameters[2].Shape);
    }

    [Fact]
    public void Mlp_ByDefault_HasOneHiddenLayerOf128() =>
        Assert.Equal((784 * 128) + 128 + (128 * 10) + 10, new Mlp().Describe(Gray28).Layout.Length);

    public static TheoryData<string, int> PublishedCounts => new()
    {
        { nameof(Cnn), 1_199_882 },
        { nameof(CnnCifar), 2_122_186 },
        { nameof(ResNet20), 269_722 },
        { nameof(ResNet18), 11_173_962 },
        { nameof(WideResNet164), 2_748_890 },
    };

    [Theory]
    [MemberData(nameof(PublishedCounts))]
    public void Architecture_HasPublishedParameterCount(string name, int count)
    {
        Architecture architecture = name switch
        {
            nameof(Cnn) => new Cnn(),
            nameof(CnnCifar) => new CnnCifar(),
            nameof(ResNet20) => new ResNet20(),
            nameof(ResNet18) => new ResNet18(),
            _ => new WideResNet164(),
        };
        Assert.Equal(count, architecture.Describe(name == nameof(Cnn) ? Gray28 : Shape(10, 3, 32, 32)).Layout.Length);
    }

    // Convolution with bias, then a scale and a shift for each channel.
    private static int Convolution(int from, int to, int kernel) => (from * to * kernel * kernel) + to + (2 * to);

    [Fact]
    public void InceptionBn28Small_HasThePublishedFilters()
    {
        var expected = Convolution(3, 96, 3);
        var channels = 96;
        foreach (var (of1x1, of3x3) in new[] { (32, 32), (32, 48), (0, 80), (112, 48), (96, 64), (80, 80), (48, 96), (0, 96), (176, 160), (176, 160) })
        {
            // A module without a 1x1 convolution passes its input on, pooled.
            expected += (of1x1 > 0 ? Convolution(channels, of1x1, 1) : 0) + Convolution(channels, of3x3, 3);
            channels = of3x3 + (of1x1 > 0 ? of1x1 : channels);
        }

        var network = new InceptionBn28Small().Describe(Shape(10, 3, 28, 28));

        Assert.Equal((336, 1_652_826), (channels, expected + (336 * 10) + 10));
        Assert.Equal(1_652_826, network.Layout.Length);
        Assert.Equal(
            [28, 28, 28, 14, 14, 14, 14, 14, 7, 7, 7], network.Layers.Where(layer => layer is ConcatLayer or Conv2dLayer).Select(layer => layer.Output.Height));
        Assert.Equal(
            [64, 80, 160, 160, 160, 160, 144, 240, 336, 336], network.Layers.OfType<ConcatLayer>().Select(layer => layer.Output.Channels));
    }

    [Fact]
    public void Concat_OfUnequalImages_NamesBothShapesAndTheBranch()
    {
        var error = Refused(
            new Conv2dOptions(8, 3, Padding: 1), new ConcatOptions([new Conv2dOptions(4, 1), new SequentialOptions([new Conv2dOptions(5, 3)])]));
        Assert.Equal("layers[1].branches[1]", error.Option);
        Assert.Contains("[4, 28, 28] (branches[0]) and [5, 26, 26] (branches[1])", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Concat_OfOneBranch_IsRefused() =>
        Assert.Equal("layers[0].branches", Refused(new ConcatOptions([new ReluOptions()])).Option);

    [Fact]
    public void Network_WithoutParameters_IsRefused()
    {
        var error = Assert.Throws<OptionException>(() => new Sequential([new ReluOptions()]).Describe(Shape(3, 3)));
        Assert.Equal("layers", error.Option);
        Assert.Contains("no layer has parameters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layer_OfMoreThanCanBeCounted_IsNamed()
    {
        var parameters = Refused(new FlattenOptions(), new LinearOptions(1 << 20), new ConcatOptions([new LinearOptions(1 << 20), new ReluOptions()]));
        Assert.Equal("layers[2].branches[0]", parameters.Option);
        Assert.Contains("behind [1048576] it has more parameters or values than can be counted", parameters.Message, StringComparison.Ordinal);
        Assert.Equal("layers[0]", Refused(new Conv2dOptions(1 << 16, 3, Padding: 1024)).Option);
    }

    [Fact]
    public void Concat_NamesTheLayerInsideABranchThatDoesNotFit() =>
        Assert.Equal(
            "layers[0].branches[1].layers[1].kernel",
            Refused(new ConcatOptions([new ReluOptions(), new SequentialOptions([new ReluOptions(), new MaxPoolOptions(29)])])).Option);

    [Fact]
    public void Pooling_WithMorePaddingThanHalfAWindow_IsRefused()
    {
        var error = Refused(new MaxPoolOptions(3, Padding: 2));
        Assert.Equal("layers[0].padding", error.Option);
        Assert.Contains("at most half the kernel (2)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_InBranches_AreNamedByThem() =>
        Assert.Equal(
            ["concat1.branch1.conv1.weight", "concat1.branch1.conv1.bias", "concat1.branch2.conv1.weight", "concat1.branch2.conv1.bias",
                "concat1.branch2.sequential1.fc1.weight", "concat1.branch2.sequential1.fc1.bias"],
            Network.Create(
                [new ConcatOptions([
                    new Conv2dOptions(4, 28), new SequentialOptions([new Conv2dOptions(6, 28), new SequentialOptions([new LinearOptions(6)])])])],
                Gray28).Layout.Parameters.Select(t => t.Name));

    private static OptionException Refused(params LayerOptions[] layers) =>
        Assert.Throws<OptionException>(() => new Sequential([.. layers, new FlattenOptions(), new LinearOptions(10)]).Describe(Gray28));

    [Fact]
    public void SoftmaxRegression_HasOneRowPerClass() => Assert.Equal(7850, new SoftmaxRegression().Describe(Gray28).Layout.Length);

    [Fact]
    public void ResNet18_OnCifar_HasBuffersForEveryNormalisation()
    {
        var network = new ResNet18().Describe(Shape(10, 3, 32, 32));
        var normalisations = network.Layout.Parameters.Count(
            t => t.Name.Contains("bn", StringComparison.Ordinal) && t.Name.EndsWith(".weight", StringComparison.Ordinal));
        Assert.Equal(20, normalisations);
        Assert.Equal(2 * normalisations, network.Layout.Buffers.Count);
        Assert.True(network.NeedsWholeBatch);
    }

    [Fact]
    public void LeNet5_OnTinyImages_NamesTheLayerThatDoesNotFit()
    {
        var error = Assert.Throws<OptionException>(() => new LeNet5().Describe(Shape(10, 1, 6, 6)));
        Assert.Contains("conv2d", error.Message);
        Assert.Contains("[6, 3, 3]", error.Message);
    }

    [Fact]
    public void Network_WithoutClasses_IsRefused() =>
        Assert.Throws<OptionException>(() => new LeNet5().Describe(new DatasetShape([1, 28, 28], [], 10, 10)));

    [Fact]
    public void Initialize_IsUniformWithinTheFanIn()
    {
        var network = new LeNet5().Describe(Gray28);
        var parameters = new float[network.Layout.Length];
        network.Initialize(new Numerics.RandomStreams(3).Open("init"), parameters, []);
        foreach (var tensor in network.Layout.Parameters.Where(t => t.Name.EndsWith("weight", StringComparison.Ordinal)))
        {
            var bound = 1 / Math.Sqrt(tensor.Shape.Skip(1).Aggregate(1, (a, b) => a * b));
            var values = parameters.AsSpan(tensor.Offset, tensor.Length).ToArray();
            Assert.All(values, v => Assert.InRange(v, -bound - 1e-7, bound + 1e-7));
            Assert.InRange(values.Select(v => (double)v * v).Average(), 0.8 * bound * bound / 3, 1.2 * bound * bound / 3);
        }
    }

    [Fact]
    public void Describe_Twice_GivesTheSameNetwork()
    {
        var (first, second) = (new WideResNet164().Describe(Shape(10, 3, 32, 32)), new WideResNet164().Describe(Shape(10, 3, 32, 32)));
        Assert.Equal(first.Layout.Parameters.Select(t => (t.Name, t.Offset)), second.Layout.Parameters.Select(t => (t.Name, t.Offset)));
        Assert.Equal(first.Layers.Select(l => l.Output), second.Layers.Select(l => l.Output));
    }
}

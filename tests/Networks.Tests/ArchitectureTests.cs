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

using Orchestrator.Abstractions;

namespace Orchestrator.Models.Tests;

public sealed class ArchitectureTests
{
    private static readonly DatasetShape Gray28 = Samples.Shape(10, 1, 28, 28);

    internal static IReadOnlyList<LayerOptions> LayersOf(NetworkModel model, DatasetShape? data = null) => model.LayersFor(data ?? Gray28);

    [Fact]
    public void LeNet5_OnGray28_HasPublishedParameterCountAndNames()
    {
        var layout = new LeNet5().Build(Gray28).Layout;
        Assert.Equal(61_706, layout.Length);
        Assert.Equal(
            ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias"],
            layout.Parameters.Select(t => t.Name));
        Assert.Equal([16, 6, 5, 5], layout.Parameters[2].Shape);
    }

    [Fact]
    public void Mlp_ByDefault_HasOneHiddenLayerOf128() =>
        Assert.Equal((784 * 128) + 128 + (128 * 10) + 10, new Mlp(new MlpOptions()).Build(Gray28).Layout.Length);

    public static TheoryData<string, int> PublishedCounts => new()
    {
        { "cnn", 1_199_882 },
        { "cnn-cifar", 2_122_186 },
        { "resnet20", 269_722 },
        { "resnet18", 11_173_962 },
        { "wide-resnet-16-4", 2_748_890 },
    };

    [Theory]
    [MemberData(nameof(PublishedCounts))]
    public void Model_HasPublishedParameterCount(string name, int count)
    {
        var data = name == "cnn" ? Gray28 : Samples.Shape(10, 3, 32, 32);
        Assert.Equal(count, ModelOf(name).Build(data).Layout.Length);
    }

    internal static NetworkModel ModelOf(string name) => name switch
    {
        "lenet5" => new LeNet5(),
        "cnn" => new Cnn(new CnnOptions()),
        "cnn-cifar" => new CnnCifar(new CnnOptions()),
        "resnet20" => new ResNet20(new ResidualNetworkOptions()),
        "resnet18" => new ResNet18(new ResidualNetworkOptions()),
        "wide-resnet-16-4" => new WideResNet164(new ResidualNetworkOptions()),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    [Fact]
    public void SoftmaxRegression_HasOneRowPerClass() => Assert.Equal(7850, new SoftmaxRegression().Build(Gray28).Layout.Length);

    [Fact]
    public void LeNet5_OnTinyImages_NamesTheLayerThatDoesNotFit()
    {
        var error = Assert.Throws<OptionException>(() => new LeNet5().Build(Samples.Shape(10, 1, 6, 6)));
        Assert.Contains("conv2d", error.Message);
        Assert.Contains("[6, 3, 3]", error.Message);
    }

    [Fact]
    public void Network_WithoutClasses_IsRefused() =>
        Assert.Throws<OptionException>(() => new LeNet5().Build(new DatasetShape([1, 28, 28], [], 10, 10)));

    [Fact]
    public void Initialize_IsUniformWithinTheFanIn()
    {
        var objective = new LeNet5().Build(Gray28);
        var parameters = new float[objective.Layout.Length];
        objective.Initialize(new Numerics.RandomStreams(3).Open("init"), parameters, []);
        foreach (var tensor in objective.Layout.Parameters.Where(t => t.Name.EndsWith("weight")))
        {
            var bound = 1 / Math.Sqrt(tensor.Shape.Skip(1).Aggregate(1, (a, b) => a * b));
            var values = parameters.AsSpan(tensor.Offset, tensor.Length).ToArray();
            Assert.All(values, v => Assert.InRange(v, -bound - 1e-7, bound + 1e-7));
            Assert.InRange(values.Select(v => (double)v * v).Average(), 0.8 * bound * bound / 3, 1.2 * bound * bound / 3);
        }
    }

    [Fact]
    public void KernelPath_IsNamedInTheObjective() =>
        Assert.Contains(new LeNet5().Build(Gray28).KernelPath, Paths.Supported.Select(KernelPaths.NameOf));
}

using Orchestrator.Abstractions;
using Orchestrator.Networks;
using Orchestrator.Numerics;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>
/// What every backend of networks must keep to: what <see cref="ModelContract"/> says, and that two
/// backends differ in their arithmetic alone. A backend's test class inherits it.
/// </summary>
public abstract class NetworkBackendContract : ModelContract, IPluginContract
{
    /// <summary>A backend with typical options; any two are equal.</summary>
    protected abstract INetworkBackend CreateBackend();

    /// <summary>
    /// Layers of a network that it can compute; the default has linear layers and a rectifier.
    /// </summary>
    protected virtual IReadOnlyList<LayerOptions> Layers => [new LinearOptions(7), new ReluOptions(), new LinearOptions(Data.Outputs)];

    object IPluginContract.NewSubject() => CreateBackend();

    /// <inheritdoc/>
    public sealed override IModel Create() => new BackedModel(CreateBackend(), Layers);

    /// <summary>
    /// Parameters and buffers have the network's own names and places, and begin with its values,
    /// bit for bit.
    /// </summary>
    [Fact]
    public void Parameters_are_those_of_the_network()
    {
        var network = Network.Create(Layers, Data);
        var objective = CreateBackend().Build(network);
        Assert.Equal(Places(network.Layout.Parameters), Places(objective.Layout.Parameters));
        Assert.Equal(Places(network.Layout.Buffers), Places(objective.Layout.Buffers));

        var streams = new RandomStreams(5);
        var (expected, actual) = (new float[network.Layout.Length], new float[network.Layout.Length]);
        network.Initialize(streams.Open("init"), expected, new float[network.Layout.BufferLength]);
        objective.Initialize(streams.Open("init"), actual, new float[network.Layout.BufferLength]);
        Vectors.AssertSameBits(expected, actual, "initial parameters");
    }

    private static IEnumerable<(string Name, int Offset)> Places(IEnumerable<NamedTensor> tensors) => tensors.Select(tensor => (tensor.Name, tensor.Offset));

    private sealed class BackedModel(INetworkBackend backend, IReadOnlyList<LayerOptions> layers) : IModel
    {
        public IObjective Build(DatasetShape data) => backend.Build(Network.Create(layers, data));
    }
}

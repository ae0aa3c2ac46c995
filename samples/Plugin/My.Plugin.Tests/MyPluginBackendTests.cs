using Orchestrator.Abstractions;
using Orchestrator.Networks;
using Orchestrator.Numerics;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every backend promises: the gradient of the loss, the network's own first values,
/// ...
/// </summary>
public class MyPluginBackendContract : NetworkBackendContract
{
    protected override INetworkBackend CreateBackend() => new MyPluginBackend();
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginBackendTests
{
    private static readonly DatasetShape Data = new([2], ["no", "yes"], 10, 10);

    [Fact]
    public void Equal_outputs_cost_the_logarithm_of_the_classes()
    {
        using var replica = new MyPluginBackend().Build(Network.Create([new LinearOptions(2)], Data)).CreateReplica(1);
        var gradient = new float[6];
        var loss = replica.Gradient(new float[6], [], new Batch([4, 2], [1], 1), new RandomStreams(1).Open("dropout"), gradient, []);
        Assert.Equal(Math.Log(2), loss, 1e-15);
        Assert.Equal([2, 1, -2, -1, 0.5f, -0.5f], gradient);
    }

    [Fact]
    public void A_network_that_predicts_values_is_refused() => Assert.Throws<OptionException>(
        () => new MyPluginBackend().Build(Network.Create([new LinearOptions(2)], new DatasetShape([2], [], 10, 10) { Values = 2 })));

    [Fact]
    public void A_layer_that_it_does_not_compute_is_named()
    {
        var refusal = Assert.Throws<OptionException>(() => new MyPluginBackend().Build(Network.Create([new TanhOptions(), new LinearOptions(2)], Data)));
        Assert.Contains("TanhLayer", refusal.Message);
    }
}

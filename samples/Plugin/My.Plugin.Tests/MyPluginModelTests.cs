using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every model promises: the gradient of its loss, the same bits on every replica,
/// ...
/// </summary>
public class MyPluginModelContract : ModelContract
{
    public override IModel Create() => new MyPluginModel(new MyPluginModelOptions());
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginModelTests
{
    [Fact]
    public void The_loss_is_half_the_squared_distance_from_the_class()
    {
        var objective = new MyPluginModel(new MyPluginModelOptions()).Build(new DatasetShape([1], ["no", "yes"], 10, 10));
        using var replica = objective.CreateReplica(1);
        var gradient = new float[4];

        // Outputs 2 and 0.5 where 0 and 1 are wanted, for the input 4.
        var loss = replica.Gradient([0.5f, 0.25f, 0, -0.5f], [], new Batch([4], [1], 1), new RandomStreams(1).Open("dropout"), gradient, []);
        Assert.Equal((4 + 0.25) / 2, loss);
        Assert.Equal([8, -2, 2, -0.5f], gradient);
    }

    [Fact]
    public void Samples_without_labels_are_refused() =>
        Assert.Throws<OptionException>(() => new MyPluginModel(new MyPluginModelOptions()).Build(new DatasetShape([1], [], 10, 10)));
}

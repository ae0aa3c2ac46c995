using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every optimizer promises: tiles, shards, saved state, no allocation, ...
/// </summary>
public class MyPluginOptimizerContract : OptimizerContract
{
    protected override IOptimizer Create() => new MyPluginOptimizer(new MyPluginOptimizerOptions());
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginOptimizerTests
{
    [Fact]
    public void Every_element_moves_by_the_learning_rate_against_the_sign_of_its_gradient()
    {
        using var state = new RuleState(length: 3, workers: 1);
        var rule = new MyPluginOptimizer(new MyPluginOptimizerOptions(Momentum: 0));
        rule.Attach(new RuleContext(new ParameterLayout([new NamedTensor("theta", [3], 0)], []), Workers: 1, state));
        float[] parameters = [1, 1, 1];
        rule.Apply(new Update(0, 0, 1, 0, 1, LearningRate: 0.25, 0.25, Offset: 0), [7, -0.001f, 0], parameters);
        Assert.Equal([0.75f, 1.25f, 1], parameters);
    }
}

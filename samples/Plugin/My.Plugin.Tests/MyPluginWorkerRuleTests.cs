using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every worker rule promises: nothing remembered, pushes that can be made again, ...
/// </summary>
public class MyPluginWorkerRuleContract : WorkerRuleContract
{
    protected override IWorkerRule Create() => new MyPluginWorkerRule(new MyPluginWorkerRuleOptions());
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginWorkerRuleTests
{
    [Theory]
    [InlineData(10, 3, 4)]
    [InlineData(1, 0.6f, 0.8f)]
    public void A_push_is_as_long_as_allowed_and_no_longer(double largestNorm, float first, float second)
    {
        var work = new WorkerRuleWork
        {
            Worker = 0, Gradient = 0, LearningRate = 0.1, Sent = [0, 0], State = [], Scratch = [], Random = new RandomStreams(1).Open("rule"),
        };
        var push = new float[2];
        new MyPluginWorkerRule(new MyPluginWorkerRuleOptions(largestNorm)).Run(work, new Given([3, 4]), push);
        Assert.Equal([first, second], push);
    }

    private sealed class Given(float[] gradient) : IGradients
    {
        public void Next(ReadOnlySpan<float> parameters, Span<float> destination) => gradient.CopyTo(destination);
    }
}

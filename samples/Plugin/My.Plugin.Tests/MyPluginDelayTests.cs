using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every delay promises: the mean that its options say, draws that can be made again,
/// ...
/// </summary>
public class MyPluginDelayContract : DelayContract
{
    public override IDelay Create() => new MyPluginDelay(new MyPluginDelayOptions(Ms: 20, Probability: 0.1, Slowdown: 5));

    public override double ExpectedMeanMs => 20 * (0.9 + (0.1 * 5));
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginDelayTests
{
    [Fact]
    public void A_duration_is_ordinary_or_a_hiccup()
    {
        var delay = new MyPluginDelay(new MyPluginDelayOptions(Ms: 20, Probability: 0.5, Slowdown: 5));
        var random = new RandomStreams(1).Open("compute");
        var drawn = Enumerable.Range(0, 100).Select(gradient => delay.Milliseconds(new DelayDraw(0, gradient, 32, 0, 0, random)));
        Assert.Equal([20, 100], drawn.Distinct().Order());
    }
}

using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every correction promises: one worker is uncorrected, tiles, saved state, ...
/// </summary>
public class MyPluginCorrectionContract : CorrectionContract
{
    protected override ICorrection Create() => new MyPluginCorrection(new MyPluginCorrectionOptions());
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginCorrectionTests
{
    [Fact]
    public void Two_missed_updates_decay_a_gradient_twice()
    {
        var push = new Push
        {
            Worker = 1, Version = 7, VersionPulled = 5, Workers = 4, Samples = 32, LearningRate = 0.1, LargestLearningRate = 0.1, Offset = 0, Sent = [1, 1],
        };
        float[] gradient = [8, -4];
        new MyPluginCorrection(new MyPluginCorrectionOptions(Decay: 0.5)).Correct(push, [1, 1], gradient);
        Assert.Equal([2, -1], gradient);
    }
}

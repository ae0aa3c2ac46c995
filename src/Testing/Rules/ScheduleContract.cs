using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>What every learning-rate schedule promises.</summary>
public abstract class ScheduleContract : IPluginContract
{
    private static readonly double[] Epochs = [0, 1e-9, 0.1, 0.5, 1, 1.5, 2, 3, 4.999, 5, 5.001, 10, 79.9, 80, 120, 160, 1000, 1e6];

    /// <summary>A fresh instance.</summary>
    protected abstract ISchedule Create();

    object IPluginContract.NewSubject() => Create();

    /// <summary>
    /// Factors from epoch 0 to 1,000,000, for 1 to 1,000 workers, are finite and at least 0.
    /// </summary>
    [Fact]
    public void Factor_AtAnyEpoch_IsFiniteAndNotNegative()
    {
        var schedule = Create();
        foreach (var epoch in Epochs)
        {
            foreach (var workers in (int[])[1, 2, 10, 1000])
            {
                var factor = schedule.Factor(epoch, workers);
                Assert.True(double.IsFinite(factor) && factor >= 0, $"At epoch {epoch} with {workers} workers the factor is {factor}.");
            }
        }
    }

    /// <summary>
    /// A factor depends on epoch and workers alone, not on what was asked before.
    /// </summary>
    [Fact]
    public void Factor_DependsOnItsArgumentsAlone()
    {
        var (upwards, downwards) = (Create(), Create());
        var expected = Epochs.Select(epoch => upwards.Factor(epoch, 4)).ToArray();
        var actual = Epochs.Reverse().Select(epoch => downwards.Factor(epoch, 4)).Reverse().ToArray();
        Assert.Equal(expected, actual);
        Assert.Equal(expected, Epochs.Select(epoch => upwards.Factor(epoch, 4)));
    }
}

using Orchestrator.Testing;

namespace Orchestrator.Analyzers.Tests;

/// <summary>When a training loss has run away.</summary>
public sealed class LossRecordTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(20, true)]
    public void One_noisy_push_is_no_surge_and_twenty_are(int noisy, bool isSurge)
    {
        var record = new LossRecord(start: 2.3, factor: 2);
        using var pushes = new SimulatedRun(new SimulationTerms { Pushes = 100 }).OpenPushes();
        for (var n = 0; pushes.TryRead(out var push); n++)
        {
            record.Add(push with { VersionPulled = n + 1, Loss = n < noisy ? 40 : 2 }, pushes.Place);
        }

        Assert.Equal(isSurge, record.Onset is not null);
        Assert.Equal(isSurge, record.Worst > 2);
    }
}

namespace Orchestrator.Statistics.Tests.Acceptance;

public sealed class AcceptanceTests
{
    // The bounds are those of the whole; with so few tables only gross faults show, and the bounds
    // allow for chance.
    [Fact]
    public void AShortForm_FindsNothingGross()
    {
        Finding[] findings = [.. FalseVerdicts.Fixed(400), .. FalseVerdicts.Sequential(200)];

        Assert.True(findings.Length >= 15);
        Assert.All(findings, finding => Assert.True(finding.Holds != false, finding.ToString()));
    }
}

using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every analyzer promises: the same findings each time, a control, no memory for
/// what passes by, ...
/// </summary>
public class MyPluginAnalyzerContract : AnalyzerContract
{
    public override IAnalyzer Create() => new MyPluginAnalyzer(new MyPluginAnalyzerOptions());

    public override IReadOnlyList<IRunRecords> Runs() => [new SimulatedRun(new SimulationTerms())];
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginAnalyzerTests
{
    [Theory]
    [InlineData(1, FindingGrade.Measured)]
    [InlineData(30, FindingGrade.Hint)]
    public void Pushes_of_a_slow_worker_meet_large_gaps(double factor, FindingGrade expected)
    {
        var run = new SimulatedRun(new SimulationTerms { Workers = 20, MeanMs = worker => worker < 10 ? 10 * factor : 10 });
        var finding = Assert.Single(new MyPluginAnalyzer(new MyPluginAnalyzerOptions(Share: 0.01)).Analyze([run], TestContext.Current.CancellationToken));
        Assert.Equal(expected, finding.Grade);
    }
}

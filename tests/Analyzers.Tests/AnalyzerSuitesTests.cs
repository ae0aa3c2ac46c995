using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Analyzers.Tests;

/// <summary>Every analyzer keeps to the contract of its kind.</summary>
public sealed class AnalyzerSuitesTests
{
    [Fact]
    public void Every_analyzer_has_its_suite() =>
        Assert.Empty(ContractCoverage.Missing<IAnalyzer>(typeof(Staleness).Assembly, typeof(AnalyzerSuitesTests).Assembly));
}

public sealed class StalenessSuite : AnalyzerContract
{
    public override IAnalyzer Create() => new Staleness(new StalenessOptions());

    public override IReadOnlyList<IRunRecords> Runs() => [Simulations.SlowWorker(1)];
}

public sealed class ThroughputSuite : AnalyzerContract
{
    public override IAnalyzer Create() => new Throughput(new ThroughputOptions());

    public override IReadOnlyList<IRunRecords> Runs() => [Simulations.SlowerFrom(1, 2000)];
}

public sealed class StragglersSuite : AnalyzerContract
{
    public override IAnalyzer Create() => new Stragglers(new StragglersOptions());

    public override IReadOnlyList<IRunRecords> Runs() => [Simulations.SlowWorker(1)];
}

public sealed class FairnessSuite : AnalyzerContract
{
    public override IAnalyzer Create() => new Fairness(new FairnessOptions());

    public override IReadOnlyList<IRunRecords> Runs() => [Simulations.BiasedPartition(1)];
}

public sealed class ConvergenceSuite : AnalyzerContract
{
    public override IAnalyzer Create() => new Convergence(new ConvergenceOptions());

    public override IReadOnlyList<IRunRecords> Runs() => [Simulations.Diverging(1, 1500)];
}

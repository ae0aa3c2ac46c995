using Orchestrator.Abstractions;
using Orchestrator.Analyzers.MLNet;
using Orchestrator.Testing;

namespace Orchestrator.Analyzers.Tests;

/// <summary>Every analyzer keeps to the contract of its kind.</summary>
public sealed class AnalyzerSuitesTests
{
    [Fact]
    public void Every_analyzer_has_its_suite()
    {
        Assert.Empty(ContractCoverage.Missing<IAnalyzer>(typeof(Staleness).Assembly, typeof(AnalyzerSuitesTests).Assembly));
        Assert.Empty(ContractCoverage.Missing<IAnalyzer>(typeof(Factors).Assembly, typeof(AnalyzerSuitesTests).Assembly));
    }
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

public sealed class FactorsSuite : AnalyzerContract
{
    public override IAnalyzer Create() => new Factors(new FactorsOptions(Repeats: 1));

    public override IReadOnlyList<IRunRecords> Runs() => Simulations.Sweep(1, 60);
}

public sealed class AnomaliesSuite : AnalyzerContract
{
    public override IAnalyzer Create() => new Anomalies(new AnomaliesOptions());

    public override IReadOnlyList<IRunRecords> Runs() => Simulations.OneOdd(1, 20, 7);
}

public sealed class ClustersSuite : AnalyzerContract
{
    public override IAnalyzer Create() => new Clusters(new ClustersOptions());

    public override IReadOnlyList<IRunRecords> Runs() => Simulations.TwoFamilies(1, 30);
}

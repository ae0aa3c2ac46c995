using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests;

public sealed class CoverageTests
{
    [Fact]
    public void Every_rule_has_a_contract_suite()
    {
        var (plugins, tests) = (typeof(SgdOptions).Assembly, typeof(CoverageTests).Assembly);
        Assert.Empty(ContractCoverage.Missing<IOptimizer>(plugins, tests));
        Assert.Empty(ContractCoverage.Missing<ICorrection>(plugins, tests));
        Assert.Empty(ContractCoverage.Missing<IWorkerRule>(plugins, tests));
        Assert.Empty(ContractCoverage.Missing<ISchedule>(plugins, tests));
    }

    [Fact]
    public void A_rule_without_a_suite_is_named() =>
        Assert.Equal(["orphan"], ContractCoverage.Missing<ISchedule>(typeof(Orphan).Assembly, typeof(CoverageTests).Assembly));

    [Plugin("orphan")]
    private sealed class Orphan : ISchedule
    {
        public double Factor(double epoch, int workers) => 1;
    }
}

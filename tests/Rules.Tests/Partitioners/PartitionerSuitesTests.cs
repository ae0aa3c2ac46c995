using Orchestrator.Partitioners;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Partitioners;

public sealed class PartitionerSuitesTests
{
    [Fact]
    public void Every_partitioner_plugin_inherits_the_suite() => PluginSuites.Cover<PartitionerContract>(typeof(None).Assembly, suite => suite.Create());
}

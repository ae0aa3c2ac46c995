using Orchestrator.Abstractions;
using Orchestrator.Consistency;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Consistency;

public sealed class ConsistencySuitesTests
{
    [Fact]
    public void Every_consistency_plugin_inherits_the_suite()
        => PluginSuites.Cover<ConsistencyContract>(typeof(Asynchronous).Assembly, suite => suite.Create(4));
}

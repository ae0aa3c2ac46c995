using Orchestrator.Delays;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Delays;

public sealed class DelaySuitesTests
{
    [Fact]
    public void Every_delay_plugin_inherits_the_suite() => PluginSuites.Cover<DelayContract>(typeof(Constant).Assembly, suite => suite.Create());
}

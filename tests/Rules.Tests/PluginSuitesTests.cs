using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests;

public sealed class PluginSuitesTests
{
    [Fact]
    public void A_plugin_without_a_suite_is_found()
    {
        var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => PluginSuites.Cover<DelayContract>(typeof(Untested).Assembly, suite => suite.Create()));
        Assert.Contains(nameof(Untested), failure.Message);
    }

    [Plugin("untested")]
    private sealed class Untested : IDelay
    {
        public double Milliseconds(in DelayDraw draw) => 1;
    }
}

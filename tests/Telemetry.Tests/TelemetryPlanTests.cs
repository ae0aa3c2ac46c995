using Orchestrator.Composition;

namespace Orchestrator.Telemetry.Tests;

public sealed class TelemetryPlanTests
{
    [Fact]
    public void WithoutASection_TheVariablesDecide()
    {
        var plan = Plan(null, ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://here:1/traces"), ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.5"));

        Assert.Equal((true, false, false), (plan.Traces, plan.Metrics, plan.Logs));
        Assert.Equal(0.5, plan.Rule.Ratio);
        Assert.Equal("http://here:1/traces", plan.Endpoints.Options("TRACES").Endpoint.AbsoluteUri);
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void TheSection_WinsWhereItSaysSomething()
    {
        var settings = new TelemetrySettings(Endpoint: "http://there:2", Protocol: OtlpProtocol.HttpProtobuf, Logs: false, TraceRatio: 0, TraceStaleness: 7);
        var plan = Plan(settings, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://here:1"), ("OTEL_TRACES_SAMPLER", "always_on"), ("OTEL_METRIC_EXPORT_INTERVAL", "777"));

        Assert.Equal((true, true, false), (plan.Traces, plan.Metrics, plan.Logs));
        Assert.Equal((0.0, 7L), (plan.Rule.Ratio, plan.Rule.AlwaysFrom));
        Assert.Equal(777, plan.MetricsInterval);
        Assert.Equal("http://there:2/v1/metrics", plan.Endpoints.Options("METRICS").Endpoint.AbsoluteUri);
    }

    [Fact]
    public void NoneAndDisabled_WinOverAll()
    {
        var none = Plan(new TelemetrySettings(), ("OTEL_LOGS_EXPORTER", "none"));
        Assert.Equal((true, true, false), (none.Traces, none.Metrics, none.Logs));

        var disabled = Plan(new TelemetrySettings(), ("OTEL_SDK_DISABLED", "TRUE"));
        Assert.Equal((false, false, false), (disabled.Traces, disabled.Metrics, disabled.Logs));
    }

    [Fact]
    public void ValuesThatMeanNothing_AreNamed()
    {
        var plan = Plan(new TelemetrySettings(), ("OTEL_TRACES_SAMPLER", "sometimes"), ("OTEL_METRIC_EXPORT_INTERVAL", "soon"), ("OTEL_LOGS_EXPORTER", "paper"));

        Assert.Equal(["OTEL_LOGS_EXPORTER", "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_TRACES_SAMPLER"], plan.Warnings.Select(w => w.Split(':')[0]).Order());
        Assert.Equal(TelemetryPlan.DefaultRatio, plan.Rule.Ratio);
    }

    private static TelemetryPlan Plan(TelemetrySettings? settings, params (string Name, string Value)[] variables) =>
        TelemetryPlan.From(settings, name => variables.Where(v => v.Name == name).Select(v => v.Value).SingleOrDefault());
}

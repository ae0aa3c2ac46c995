using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry.Tests;

public sealed class TelemetryPlanTests
{
    [Fact]
    public void WithoutASection_TheVariablesDecide()
    {
        var plan = Plan(
            null, ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://here:1/traces"), ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
            ("OTEL_TRACES_SAMPLER_ARG", "0.5"));

        Assert.Equal((true, false, false), (plan.Traces, plan.Metrics, plan.Logs));
        Assert.Equal(0.5, plan.Rule.Ratio);
        Assert.Equal("http://here:1/traces", plan.Endpoints.Options("TRACES").Endpoint.AbsoluteUri);
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void TheSection_WinsWhereItSaysSomething()
    {
        var settings = new TelemetrySettings(Endpoint: "http://there:2", Protocol: OtlpProtocol.HttpProtobuf, Logs: false, TraceRatio: 0, TraceStaleness: 7);
        var plan = Plan(
            settings, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://here:1"), ("OTEL_TRACES_SAMPLER", "always_on"), ("OTEL_METRIC_EXPORT_INTERVAL", "777"));

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
        var plan = Plan(
            new TelemetrySettings(), ("OTEL_TRACES_SAMPLER", "sometimes"), ("OTEL_METRIC_EXPORT_INTERVAL", "soon"), ("OTEL_LOGS_EXPORTER", "paper"));

        Assert.Equal(["OTEL_LOGS_EXPORTER", "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_TRACES_SAMPLER"], plan.Warnings.Select(w => w.Split(':')[0]).Order());
        Assert.Equal(TelemetryPlan.DefaultRatio, plan.Rule.Ratio);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "token")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "=token")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "bad name=b")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "a=%0d%0ab: c")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "content-length=5")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere/ca.pem")]
    [InlineData("OTEL_EXPORTER_OTLP_CERTIFICATE", "/dev/zero")]
    [InlineData("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/nowhere/client.pem")]
    [InlineData("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/nowhere/client.key")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "0")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "99999999999")]
    [InlineData("OTEL_EXPORTER_OTLP_COMPRESSION", "zip")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "sometimes")]
    [InlineData("OTEL_BSP_MAX_QUEUE_SIZE", "2147483647")]
    [InlineData("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0")]
    [InlineData("OTEL_BSP_SCHEDULE_DELAY", "0")]
    [InlineData("OTEL_BSP_EXPORT_TIMEOUT", "-1")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "0")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "team")]
    [InlineData("OTEL_SDK_DISABLED", "maybe")]
    [InlineData("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "often")]
    public void AValueThatMeansNothing_IsNamedOnce_AndTelemetryStartsAndEnds(string name, string value)
    {
        Assert.SkipWhen(value.StartsWith("/dev/", StringComparison.Ordinal) && !OperatingSystem.IsLinux(), "skipped: the device is Linux's");
        var plan = Plan(new TelemetrySettings(), (name, value));
        using var session = new TelemetrySession(plan with { Endpoints = plan.Endpoints.Rehearsed() }, Run, "1", new RunProgress(), metricsPort: null);
        foreach (var signal in new[] { "TRACES", "METRICS", "LOGS" })
        {
            _ = plan.Endpoints.Options(signal).HttpClientFactory();
        }

        Assert.StartsWith(name + ": '", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain(session.Close("completed", failed: false), loss => loss.Contains("observer", StringComparison.Ordinal));
    }

    [Fact]
    public void ASampleShareThatIsNone_IsNamed_AndAllPushesAreTraced()
    {
        var plan = Plan(new TelemetrySettings(), ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "half"));

        Assert.StartsWith("OTEL_TRACES_SAMPLER_ARG: 'half'", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Equal(1, plan.Rule.Ratio);
    }

    [Fact]
    public void Headers_HoldCommasAsPercent2C_AndASecretIsNotRepeated()
    {
        var plan = Plan(new TelemetrySettings(), ("OTEL_EXPORTER_OTLP_HEADERS", "x-fields=a%2Cb%20c, x-more=1 ,x-more=2,Bearer abcdefghijkl"));
        using var client = plan.Endpoints.Options("TRACES").HttpClientFactory();

        Assert.Equal(["a,b c"], client.DefaultRequestHeaders.GetValues("x-fields"));
        Assert.Equal(["1", "2"], client.DefaultRequestHeaders.GetValues("x-more"));
        Assert.DoesNotContain("abcdef", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ASignalThatCannotStart_CostsItself()
    {
        var plan = Plan(new TelemetrySettings()) with { Batches = new SpanBatches(1, 1, 1, 2) };
        using var session = new TelemetrySession(plan with { Endpoints = plan.Endpoints.Rehearsed() }, Run, "1", new RunProgress(), metricsPort: null);

        Assert.StartsWith("telemetry: traces are not exported: ", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Null(session.Traces);
        Assert.Empty(session.Close("completed", failed: false));
    }

    private static ObservedRun Run { get; } = new("1", "n", "sgd", "asynchronous", "in-process", 2, IsVirtual: true);

    private static TelemetryPlan Plan(TelemetrySettings? settings, params (string Name, string Value)[] variables) =>
        TelemetryPlan.From(settings, name => variables.Where(v => v.Name == name).Select(v => v.Value).SingleOrDefault());
}

using System.Globalization;
using Orchestrator.Composition;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>What is exported, from the pipeline's <c>telemetry</c> section and the OTEL_* variables; the section wins where it says something.</summary>
internal sealed record TelemetryPlan
{
    public const double DefaultRatio = 0.1;
    public const int DefaultInterval = 5_000;
    public const int DefaultWorkerSeries = 32;

    public required bool Traces { get; init; }

    public required bool Metrics { get; init; }

    public required bool Logs { get; init; }

    public required TraceRule Rule { get; init; }

    /// <summary>ms.</summary>
    public required int MetricsInterval { get; init; }

    public required int WorkerSeries { get; init; }

    public required bool DeltaTemporality { get; init; }

    public required OtlpEndpoints Endpoints { get; init; }

    /// <summary>Variables whose values mean nothing, in words.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <param name="settings">The pipeline's section; null without one.</param>
    /// <param name="variable">The value of an environment variable, or null.</param>
    public static TelemetryPlan From(TelemetrySettings? settings, Func<string, string?> variable)
    {
        var environment = new OtelVariables(variable);
        var enabled = !environment.Flag("OTEL_SDK_DISABLED");
        bool Wanted(string signal, bool? section) => enabled && environment.Exporter(signal) is var exporter && exporter != "none"
            && (section ?? (exporter == "otlp" || environment[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is not null || environment["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null));
        return new TelemetryPlan
        {
            Traces = Wanted("TRACES", settings?.Traces),
            Metrics = Wanted("METRICS", settings?.Metrics),
            Logs = Wanted("LOGS", settings?.Logs),
            Rule = new TraceRule(settings?.TraceRatio ?? Ratio(environment), settings?.TraceStaleness),
            MetricsInterval = settings?.MetricsIntervalMs ?? environment.Integer("OTEL_METRIC_EXPORT_INTERVAL", 100, DefaultInterval),
            WorkerSeries = settings?.WorkerSeries ?? DefaultWorkerSeries,
            DeltaTemporality = string.Equals(environment["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"], "delta", StringComparison.OrdinalIgnoreCase),
            Endpoints = new OtlpEndpoints(settings, environment),
            Warnings = environment.Warnings,
        };
    }

    private static double Ratio(OtelVariables environment)
    {
        var sampler = environment["OTEL_TRACES_SAMPLER"]?.ToLowerInvariant();
        switch (sampler)
        {
            case null:
                return DefaultRatio;
            case "always_on" or "parentbased_always_on":
                return 1;
            case "always_off" or "parentbased_always_off":
                return 0;
            case "traceidratio" or "parentbased_traceidratio":
                var text = environment["OTEL_TRACES_SAMPLER_ARG"];
                return double.TryParse(text, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio : 1;
            default:
                environment.Warn("OTEL_TRACES_SAMPLER", sampler, "always_on, always_off or traceidratio, with or without parentbased_ before it");
                return DefaultRatio;
        }
    }
}

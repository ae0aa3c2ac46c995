using System.Globalization;
using Orchestrator.Composition;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>
/// What is exported, from the pipeline's <c>telemetry</c> section and the OTEL_* variables; the
/// section wins where it says something.
/// </summary>
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

    public required SpanBatches Batches { get; init; }

    /// <summary>Variables whose values mean nothing, in words.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <param name="settings">The pipeline's section; null without one.</param>
    /// <param name="variable">The value of an environment variable, or null.</param>
    public static TelemetryPlan From(TelemetrySettings? settings, Func<string, string?> variable)
    {
        var environment = new OtelVariables(variable);
        var enabled = !environment.Flag("OTEL_SDK_DISABLED") && CheckRetry(environment);
        CheckResource(environment);
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
            DeltaTemporality = environment.Word("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "cumulative", "delta") == "delta",
            Endpoints = new OtlpEndpoints(settings, environment),
            Batches = SpanBatches.From(environment),
            Warnings = environment.Warnings,
        };
    }

    // The exporters read it themselves, and do not start where they do not understand it.
    private static bool CheckRetry(OtelVariables environment)
    {
        const string Name = "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY";
        const string Folder = "OTEL_DOTNET_EXPERIMENTAL_OTLP_DISK_RETRY_DIRECTORY_PATH";
        var isRight = environment[Name]?.ToLowerInvariant() is null or "in_memory" || (environment[Name]!.Equals("disk", StringComparison.OrdinalIgnoreCase) && environment[Folder] is not null);
        if (!isRight)
        {
            environment.Warn(Name, environment[Name]!, $"in_memory, or disk together with {Folder}; until then nothing is exported");
        }

        return isRight;
    }

    // The SDK reads it itself, and passes over what it does not understand in silence.
    private static void CheckResource(OtelVariables environment)
    {
        const string Name = "OTEL_RESOURCE_ATTRIBUTES";
        foreach (var part in environment[Name]?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (part.IndexOf('=') < 1)
            {
                environment.Warn(Name, part, "key=value, several with a comma between them");
            }
        }
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
                return SamplerArgument(environment);
            default:
                environment.Warn("OTEL_TRACES_SAMPLER", sampler, "always_on, always_off or traceidratio, with or without parentbased_ before it");
                return DefaultRatio;
        }
    }

    // All pushes without one, as OpenTelemetry has it.
    private static double SamplerArgument(OtelVariables environment)
    {
        const string Name = "OTEL_TRACES_SAMPLER_ARG";
        if (environment[Name] is not { } text)
        {
            return 1;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1)
        {
            return ratio;
        }

        environment.Warn(Name, text, "a number from 0 to 1");
        return 1;
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>
/// One run's telemetry, from the observers to the exporters. The run sees <see cref="Observer"/>
/// only, a stream that drops and counts, so that nothing behind it, a dead or slow receiver least
/// of all, changes or holds back the run.
/// </summary>
public sealed class TelemetrySession : IDisposable
{
    // How long the end of a run waits for what is under way, ms; less as soon as a receiver turns
    // out to be stuck.
    private const int Patience = 5_000;
    private const int Glance = 100;

    // Series of one instrument, unless somebody asks for more.
    private const int UsualLimit = 2_000;

    private readonly TelemetryPlan plan;
    private readonly RunProgress progress;
    private readonly ExportCounts spans = new("spans");
    private readonly ExportCounts metrics = new("metrics");
    private readonly ExportCounts logs = new("logs");
    private readonly List<IDisposable> providers = [];
    private readonly List<ExportCounts> used = [];
    private readonly List<string> warnings = [];
    private readonly MetricsEndpoint? endpoint;
    private readonly ObserverStream stream;
    private readonly RunTraces? traces;
    private readonly RunInstruments? instruments;
    private RunLog? log;
    private bool closed;

    /// <param name="settings">The pipeline's section; null without one.</param>
    /// <param name="run">What to call the run.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="progress">Where the run is.</param>
    /// <param name="metricsPort">Port for Prometheus on the loopback address; 0 takes a free one,
    /// null none.</param>
    /// <param name="variable">The value of an OTEL_* variable, or null.</param>
    public TelemetrySession(TelemetrySettings? settings, ObservedRun run, string version, RunProgress progress, int? metricsPort, Func<string, string?> variable)
        : this(TelemetryPlan.From(settings, variable), run, version, progress, metricsPort)
    {
    }

    internal TelemetrySession(TelemetryPlan plan, ObservedRun run, string version, RunProgress progress, int? metricsPort)
    {
        (this.plan, this.progress) = (plan, progress);
        MetricsEndpoint? opened = null;
        if (metricsPort is { } port)
        {
            Try("metrics for Prometheus", () => opened = new MetricsEndpoint(port));
        }

        endpoint = opened;
        var resource = RunResource.Of(run.Id, run.Name, version, run.Labels);
        List<IRunObserver> observers = [];
        var source = new ActivitySource(TelemetryNames.Source);
        if (plan.Traces && Try("traces", () => providers.Add(SpanExport.Start(source, resource, plan, spans))))
        {
            used.Add(spans);
            traces = new RunTraces(source, run, plan.Rule);
            observers.Add(traces);
        }

        var isExported = plan.Metrics && Try("metrics", () => StartMetrics(resource, exports: true));
        if (isExported || (endpoint is not null && Try("metrics", () => StartMetrics(resource, exports: false))))
        {
            instruments = new RunInstruments(new Meter(new MeterOptions(TelemetryNames.Source) { Scope = this }), run, progress, () => stream?.Dropped ?? 0, plan.WorkerSeries);
            observers.Add(instruments);
        }

        if (plan.Logs && Try("logs", () => log = new RunLog(StartLogs(resource), run, traces?.Run)))
        {
            used.Add(logs);
            log!.Started();
            observers.Add(log);
        }

        stream = new ObserverStream(observers);
        endpoint?.Open();
    }

    /// <summary>Told by the engine.</summary>
    public IRunObserver Observer => stream;

    /// <summary>Begins spans that travel to worker hosts; null where nothing is traced.</summary>
    public RunTraces? Traces => traces;

    /// <summary>Where Prometheus may scrape; null where it may not.</summary>
    public string? MetricsAddress => endpoint?.Address;

    /// <summary>
    /// Variables that were ignored, and signals that could not be exported, in words.
    /// </summary>
    public IReadOnlyList<string> Warnings => [.. plan.Warnings, .. warnings];

    /// <summary>Ends the run's span and sends what is waiting, for a bounded time.</summary>
    /// <param name="status">The run's status, in a word.</param>
    /// <param name="failed">Whether it counts as an error.</param>
    /// <returns>What was lost, in words; empty when nothing was.</returns>
    public IReadOnlyList<string> Close(string status, bool failed)
    {
        if (closed)
        {
            return [];
        }

        closed = true;
        stream.Close(Patience);
        if (stream.Dropped > 0)
        {
            log?.Lost(stream.Dropped);
        }

        log?.Ended(status, progress.Updates, failed);
        traces?.End(status, failed);
        progress.Over();
        EndProviders();
        endpoint?.Dispose();
        return Losses();
    }

    public void Dispose() => Close("failed", failed: true);

    // Whatever an exporter makes of what it finds around it costs its signal, not the run.
    private bool Try(string signal, Action start)
    {
        try
        {
            start();
            return true;
        }
        catch (Exception failure)
        {
            warnings.Add($"telemetry: {signal} are not exported: {failure.Message}");
            return false;
        }
    }

    private void StartMetrics(ResourceBuilder resource, bool exports)
    {
        // Providers listen by name, and the runs of a process share theirs: what is not this run's
        // is dropped.
        // Beyond the limit a measurement would stand for no run: each worker has a series of every
        // host, of which so many are told apart, and of the run's own process.
        var own = new MetricStreamConfiguration { CardinalityLimit = Math.Max(UsualLimit, plan.WorkerSeries * (RunInstruments.MostHosts + 1)) };
        var builder = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(TelemetryNames.Source)
            .AddView(instrument => instrument.Meter.Scope == this ? own : MetricStreamConfiguration.Drop);
        if (endpoint is not null)
        {
            builder.AddReader(endpoint.Reader);
        }

        if (exports)
        {
            var options = plan.Endpoints.Options("METRICS");
            builder.AddReader(new PeriodicExportingMetricReader(new CountingMetricExporter(options, metrics), plan.MetricsInterval, options.TimeoutMilliseconds)
            {
                TemporalityPreference = plan.DeltaTemporality ? MetricReaderTemporalityPreference.Delta : MetricReaderTemporalityPreference.Cumulative,
            });
        }

        providers.Add(builder.Build());
        if (exports)
        {
            used.Add(metrics);
        }
    }

    private ILogger StartLogs(ResourceBuilder resource)
    {
        var processor = new CountingLogProcessor(new OtlpLogExporter(plan.Endpoints.Options("LOGS", logs)), logs);
        var factory = LoggerFactory.Create(builder => builder.AddOpenTelemetry(open =>
        {
            open.SetResourceBuilder(resource).AddProcessor(processor);
            open.IncludeFormattedMessage = true;
        }));
        providers.Add(factory);
        return factory.CreateLogger("Orchestrator.Run");
    }

    // All at once: ending a provider exports what is waiting. A stuck one is ended behind the
    // program's back.
    private void EndProviders()
    {
        var ends = providers.ConvertAll(provider => Task.Factory.StartNew(
            provider.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        var over = Task.WhenAll(ends).ContinueWith(_ =>
        {
            instruments?.Dispose();
            traces?.Dispose();
        }, TaskScheduler.Default);
        var deadline = Environment.TickCount64 + Patience;
        while (!over.Wait(Glance) && Environment.TickCount64 < deadline && (used.Count == 0 || used.Exists(counts => !counts.IsStuck)))
        {
        }
    }

    private List<string> Losses()
    {
        List<string?> all =
        [
            stream.Dropped > 0 ? FormattableString.Invariant($"telemetry: observers missed {stream.Dropped} records, which came faster than they were read") : null,
            stream.Fault is { } fault ? $"telemetry: an observer failed: {fault.Message}" : null,
            spans.Lost(counted: true), metrics.Lost(counted: false), logs.Lost(counted: false),
        ];
        return [.. all.OfType<string>()];
    }
}

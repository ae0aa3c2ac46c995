using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Observation;
using Orchestrator.Telemetry;

namespace Orchestrator.Runs;

/// <summary>
/// What asks for telemetry beside a run's pipeline. One object serves all runs of a process, also
/// at the same time: each exports under its own name.
/// Where nothing asks for telemetry, nothing of it is loaded.
/// </summary>
/// <param name="variable">The value of an <c>OTEL_*</c> variable, or null; a library reads no
/// environment of its own accord.</param>
/// <param name="metricsPort">Port of the loopback address where Prometheus may scrape a run, 0 for
/// a free one; null for none. Of one run at a time.</param>
public sealed class RunTelemetry(Func<string, string?> variable, int? metricsPort = null)
{
    // Any of these asks for export by OTLP.
    private static readonly string[] Variables =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
        "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER",
    ];

    private readonly Lock gate = new();
    private Task? warmUp;

    /// <summary>What pipelines ask for, and nothing else.</summary>
    public static RunTelemetry OfPipelines { get; } = new(_ => null);

    /// <summary>
    /// Whether a variable or the port asks for telemetry, whatever the pipeline says.
    /// </summary>
    public bool IsAsked => metricsPort is not null || IsExportAsked;

    private bool IsExportAsked => Variables.Any(name => !string.IsNullOrWhiteSpace(variable(name)));

    /// <summary>
    /// Has what telemetry calls compiled on another core while the program reads pipeline and data,
    /// once per process; nothing where nobody asks for telemetry.
    /// </summary>
    /// <param name="settings">The pipeline's section; null without one, or when it is not known
    /// yet.</param>
    public void WarmUp(TelemetrySettings? settings)
    {
        if (settings is null && !IsAsked)
        {
            return;
        }

        lock (gate)
        {
            warmUp ??= BeginWarmUp(settings);
        }
    }

    /// <summary>Before anything costly starts.</summary>
    /// <exception cref="RunRefusedException">The port is taken.</exception>
    internal void CheckPort()
    {
        if (metricsPort is not { } number)
        {
            return;
        }

        try
        {
            using var trial = new TcpListener(IPAddress.Loopback, number);
            trial.Start();
        }
        catch (SocketException fault)
        {
            throw new RunRefusedException($"--metrics-port {number}: {fault.Message}; 0 takes a free port.");
        }
    }

    /// <summary>
    /// Starts what the pipeline, the variables and the port ask for; null when they ask for
    /// nothing.
    /// </summary>
    /// <param name="pipeline">The run's pipeline.</param>
    /// <param name="run">The run folder's name.</param>
    /// <param name="labels">What the run's options say of the sweep that it belongs to.</param>
    /// <param name="progress">Where the run is.</param>
    /// <param name="console">Told what is wrong.</param>
    internal RunWatch? Watch(ResolvedPipeline pipeline, string run, IReadOnlyDictionary<string, string> labels, RunProgress progress, IRunConsole console) =>
        pipeline.Telemetry is not null || IsAsked ? Load(pipeline, run, labels, progress, console) : null;

    /// <summary>
    /// Exports how many cells of a sweep are done, failed and running; null when nothing asks for
    /// telemetry.
    /// </summary>
    /// <param name="pipeline">A cell's pipeline, for its section.</param>
    /// <param name="sweep">The sweep's id.</param>
    /// <param name="look">Says how many cells are in which state; called now and then, by another
    /// thread.</param>
    /// <param name="console">Told what is wrong.</param>
    public SweepWatch? WatchSweep(ResolvedPipeline pipeline, string sweep, Func<SweepCellCounts> look, IRunConsole console) =>
        pipeline.Telemetry is not null || IsExportAsked ? LoadSweep(pipeline, sweep, look, console) : null;

    /// <summary>
    /// Starts what the variables ask for of a worker host; null when they ask for nothing.
    /// </summary>
    internal HostWatch? WatchHost(string run, string name, IRunConsole console) => IsExportAsked ? LoadHost(run, name, console) : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task BeginWarmUp(TelemetrySettings? settings) => TelemetryWarmUp.Begin(settings, metricsPort is not null, variable);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RunWatch Load(ResolvedPipeline pipeline, string run, IReadOnlyDictionary<string, string> labels, RunProgress progress, IRunConsole console)
    {
        // What is wrong with it is wrong with the run's own session too, and said there.
        ((IAsyncResult?)warmUp)?.AsyncWaitHandle.WaitOne();
        var of = new ObservedRun(
            run, pipeline.Name, pipeline.Optimizer.Rule.Name, pipeline.Consistency.Name, pipeline.Transport.Name, pipeline.Workers.Count, pipeline.Clock == ClockKind.Virtual)
        {
            Labels = LabelsOf(pipeline, labels),
        };
        var session = new TelemetrySession(pipeline.Telemetry, of, RunSession.ProgramVersion, progress, metricsPort, variable);
        foreach (var warning in session.Warnings)
        {
            console.Warn(warning);
        }

        if (session.MetricsAddress is { } address)
        {
            console.Note($"Metrics at {address}");
        }

        return new RunWatch(session);
    }

    private static List<KeyValuePair<string, object>> LabelsOf(ResolvedPipeline pipeline, IReadOnlyDictionary<string, string> labels)
    {
        List<KeyValuePair<string, object>> of = [new(TelemetryNames.SeedAttribute, pipeline.Seed)];
        foreach (var (name, attribute) in ((string, string)[])[("sweep", TelemetryNames.SweepAttribute), ("cell", TelemetryNames.CellAttribute), ("key", TelemetryNames.KeyAttribute)])
        {
            if (labels.TryGetValue(name, out var value))
            {
                of.Add(new(attribute, value));
            }
        }

        return of;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SweepWatch LoadSweep(ResolvedPipeline pipeline, string sweep, Func<SweepCellCounts> look, IRunConsole console)
    {
        var telemetry = new SweepTelemetry(pipeline.Telemetry, sweep, pipeline.Name, RunSession.ProgramVersion, look, variable);
        foreach (var warning in telemetry.Warnings)
        {
            console.Warn(warning);
        }

        return new SweepWatch(telemetry, console);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private HostWatch LoadHost(string run, string name, IRunConsole console)
    {
        var telemetry = new HostTelemetry(run, name, RunSession.ProgramVersion, variable);
        foreach (var warning in telemetry.Warnings)
        {
            console.Warn(warning);
        }

        return new HostWatch(telemetry, console);
    }
}

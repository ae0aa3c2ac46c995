using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Observation;
using Orchestrator.RunFolders;
using Orchestrator.Telemetry;

namespace Orchestrator.Runs;

/// <summary>A run's telemetry where it is asked for. Nothing of it is loaded otherwise.</summary>
public sealed class RunWatch : IDisposable
{
    // Any of these asks for export by OTLP.
    private static readonly string[] Variables =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
        "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER",
    ];

    private readonly TelemetrySession session;

    private RunWatch(TelemetrySession session) => this.session = session;

    /// <summary>Told by the engine.</summary>
    public IRunObserver Observer => session.Observer;

    /// <summary>Begins spans that travel to worker hosts; null where nothing is traced.</summary>
    public RunTraces? Traces => session.Traces;

    /// <summary>Whether the OTEL_* variables ask for export.</summary>
    public static bool IsAskedByEnvironment => Variables.Any(name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name)));

    /// <summary>Before anything costly starts.</summary>
    /// <exception cref="RunRefusedException">The port is taken.</exception>
    public static void CheckPort(int? port)
    {
        if (port is not { } number)
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

    /// <summary>Has what telemetry calls compiled while pipeline and data are read; null where neither the OTEL_* variables nor a port ask for telemetry.</summary>
    public static Task? Rehearse(int? port) => port is not null || IsAskedByEnvironment ? Rehearse(null, port is not null) : null;

    /// <summary>The same for a pipeline that asks for it.</summary>
    public static Task? Rehearse(TelemetrySettings? settings) => settings is null ? null : Rehearse(settings, scraped: false);

    /// <summary>Starts what the pipeline, the OTEL_* variables and the port ask for; null when they ask for nothing.</summary>
    public static RunWatch? Start(ResolvedPipeline pipeline, string run, RunProgress progress, int? port, IRunConsole console, Task? rehearsal) =>
        pipeline.Telemetry is not null || port is not null || IsAskedByEnvironment ? Load(pipeline, run, progress, port, console, rehearsal) : null;

    /// <summary>Sends what is waiting, for a bounded time.</summary>
    /// <returns>What was lost, in words.</returns>
    public IReadOnlyList<string> Close(RunSummary summary) =>
        session.Close(summary.Status.ToString().ToLowerInvariant(), summary.Status is RunStatus.Failed or RunStatus.Diverged);

    public void Dispose() => session.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task Rehearse(TelemetrySettings? settings, bool scraped) => TelemetryWarmUp.Begin(settings, scraped);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RunWatch Load(ResolvedPipeline pipeline, string run, RunProgress progress, int? port, IRunConsole console, Task? rehearsal)
    {
        // What is wrong with it is wrong with the run's own session too, and said there.
        ((IAsyncResult?)rehearsal)?.AsyncWaitHandle.WaitOne();
        var of = new ObservedRun(
            run, pipeline.Name, pipeline.Optimizer.Rule.Name, pipeline.Consistency.Name, pipeline.Transport.Name, pipeline.Workers.Count, pipeline.Clock == ClockKind.Virtual);
        var session = new TelemetrySession(pipeline.Telemetry, of, RunSession.ProgramVersion, progress, port);
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
}

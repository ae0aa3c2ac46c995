using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;

namespace Orchestrator.Runs;

/// <summary>
/// Carries workers of a run that another process serves, until the run is over. Pipeline and seed
/// come from the run.
/// </summary>
/// <param name="catalog">Where plugins are.</param>
/// <param name="options">Data, telemetry and console; the request says how many cores.</param>
public sealed class HostSession(PluginCatalog catalog, RunOptions options)
{
    /// <summary>Joins a run and computes for it.</summary>
    /// <param name="request">Where the run is.</param>
    /// <param name="stop">Leaves the run; the work under way goes to other hosts.</param>
    /// <exception cref="TransportException">The run refused this host, or was lost.</exception>
    /// <exception cref="RunRefusedException">The run's pipeline cannot be loaded here.</exception>
    public void Work(JoinRequest request, CancellationToken stop)
    {
        var name = request.Address.StartsWith("shm:", StringComparison.Ordinal) ? "shared-memory" : "tcp";
        var plugin = catalog.Find(PluginKind.Transport, name)
            ?? throw new RunRefusedException($"the transport '{name}' is missing; it belongs to the program's own plugins.");
        using var joining = catalog.Create<ITransport>(plugin).Join(request);
        var pipeline = PipelineLoading.Parse(joining.Session.Document, catalog, options.Data, request.Cores).OrThrow();
        var experiment = ExperimentBuilder.Build(pipeline, options.Data, request.Cores);
        var link = joining.Begin(SessionFacts.Describe(pipeline, experiment).Facts);
        options.Console.Note($"{pipeline.Name} {pipeline.Id} at {request.Address}: joined with {request.Cores} threads.");
        using (var watch = options.Telemetry.WatchHost(joining.Session.Run, pipeline.Name, options.Console))
        {
            HostedWorkers.Run(experiment, link, request.Cores, watch?.Traces, stop);
        }

        if (!stop.IsCancellationRequested && link.Fault is { } fault)
        {
            throw new TransportException($"{request.Address}: {fault}");
        }
    }
}

using System.Diagnostics;
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
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    /// <summary>Joins a run and computes for it.</summary>
    /// <param name="place">Where the run is; asked for again and again while nobody answers, and
    /// null where nobody has said it yet.</param>
    /// <param name="wait">How long to wait for the server and its token file.</param>
    /// <param name="stop">Leaves the run; the work under way goes to other hosts.</param>
    /// <exception cref="TransportException">The run refused this host, or was lost, or nobody
    /// came.</exception>
    /// <exception cref="RunRefusedException">The address means nothing, or the run's pipeline
    /// cannot be loaded here.</exception>
    public void Work(Func<JoinRequest?> place, TimeSpan wait, CancellationToken stop)
    {
        var (joining, request) = Join(place, wait, stop);
        if (joining is null || request is null)
        {
            return;
        }

        using var joined = joining;

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

    // Each transport knows its own addresses.
    private ITransport TransportOf(string address)
    {
        var forms = new List<string>();
        foreach (var plugin in catalog.Of(PluginKind.Transport))
        {
            var transport = catalog.Create<ITransport>(plugin);
            if (transport.IsAddress(address))
            {
                return transport;
            }

            forms.AddRange(transport.AddressForm is { } form ? [$"{form} ({plugin.Name})"] : []);
        }

        throw new RunRefusedException($"--server: '{address}' is no address of a run; allowed: {string.Join(", ", forms)}, as the run says it.");
    }

    // Null when it is told to leave before anybody is there.
    private (IJoining? Joining, JoinRequest? Request) Join(Func<JoinRequest?> place, TimeSpan wait, CancellationToken stop)
    {
        var waited = Stopwatch.StartNew();
        var isTold = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var request = place() ?? throw new TransportException("No server has said yet where it is.") { IsNobodyThere = true };
                return (TransportOf(request.Address).Join(request), request);
            }
            catch (TransportException nobody) when (nobody.IsNobodyThere && waited.Elapsed < wait)
            {
                if (!isTold)
                {
                    options.Console.Note($"{nobody.Message} Waiting for at most {wait.TotalSeconds:0} s.");
                    isTold = true;
                }
            }

            stop.WaitHandle.WaitOne(Between);
        }

        return (null, null);
    }
}

using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>Worker hosts of another process than the server's.</summary>
public static class HostedWorkers
{
    /// <summary>
    /// Computes what comes over a link until the server ends the run, the link breaks or
    /// <paramref name="stop"/> is cancelled.
    /// </summary>
    /// <param name="experiment">The same as the server's; only what a push depends on is
    /// used.</param>
    /// <param name="link">Where work comes from; closed at the end.</param>
    /// <param name="cores">Compute threads.</param>
    /// <param name="traces">Makes this host's spans; null where it makes none.</param>
    /// <param name="stop">Leaves the run; the work under way goes to other hosts.</param>
    /// <exception cref="EngineException">It ran out of memory.</exception>
    public static void Run(Experiment experiment, IHostEnd link, int cores, IHostTraces? traces, CancellationToken stop)
    {
        traces?.Host = link.Number;
        using var host = new WorkerHost(new HostPlan(experiment), link, cores, traces, mayLeave: true);
        using var registration = stop.Register(link.Dispose);
        host.Wait();
        traces?.Settle(link);
        if (host.Exhausted is { } fault)
        {
            throw new EngineException($"This worker host left the run, because it is out of memory; its work goes to the hosts that remain. ({fault.Message})");
        }
    }
}

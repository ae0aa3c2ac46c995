using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// The cores of the run's own process, where the transport has it compute. Off the wall clock the
/// server's thread is one of them: it computes while it waits.
/// </summary>
internal sealed class LocalCores : IDisposable
{
    private readonly IHostEnd link;
    private readonly ServerLock serverLock;
    private readonly WorkerHost threads;
    private readonly HostPlan plan;
    private readonly ComputeCore? serverCore;
    private readonly HostWork work = new();

    /// <param name="experiment">What to compute.</param>
    /// <param name="link">Where work comes from.</param>
    /// <param name="serverLock">Let go of while the server's thread computes.</param>
    public LocalCores(Experiment experiment, IHostEnd link, ServerLock serverLock)
    {
        (this.link, this.serverLock, plan) = (link, serverLock, new HostPlan(experiment));
        serverCore = experiment.RunsInRealTime ? null : new ComputeCore(plan);
        threads = new WorkerHost(plan, link, experiment.Cores - (serverCore is null ? 0 : 1));
    }

    /// <summary>Whether the server's thread computes; looked at with the server lock.</summary>
    public bool ServerComputes { get; private set; }

    /// <summary>
    /// Computes one push that was handed out, on the server's thread; false when there is none, or
    /// threads of their own compute all. Nothing is half done meanwhile, and the server lock is
    /// free: who holds it then may write a checkpoint, or end the run without waiting for the
    /// gradient.
    /// </summary>
    public bool ComputeOne()
    {
        if (serverCore is null || !link.Receive(work, wait: false))
        {
            return false;
        }

        ServerComputes = true;
        serverLock.Exit();
        try
        {
            WorkerHost.Compute(serverCore, link, work);
        }
        finally
        {
            serverLock.Enter();
            ServerComputes = false;
        }

        return true;
    }

    /// <summary>Fetches what <see cref="ComputeOne"/> will read for a worker.</summary>
    public void Prefetch(int worker)
    {
        if (serverCore is not null)
        {
            plan.Prefetch(worker);
        }
    }

    /// <summary>Waits for the threads, which end when the link is closed.</summary>
    public void Dispose()
    {
        threads.Dispose();
        serverCore?.Dispose();
    }
}

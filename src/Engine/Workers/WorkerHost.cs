using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Compute threads, one per core, that take work from a link, compute it and hand it back, until
/// the link closes.
/// </summary>
internal sealed class WorkerHost : IDisposable
{
    private readonly IHostEnd link;
    private readonly IHostTraces? traces;
    private readonly bool mayLeave;
    private readonly Thread[] threads;

    /// <param name="plan">What to compute.</param>
    /// <param name="link">Where work comes from.</param>
    /// <param name="cores">Number of threads.</param>
    /// <param name="traces">Makes this host's spans; null where it makes none.</param>
    /// <param name="mayLeave">Whether other hosts can take over: then one without memory leaves,
    /// instead of saying that its work failed.</param>
    public WorkerHost(HostPlan plan, IHostEnd link, int cores, IHostTraces? traces = null, bool mayLeave = false)
    {
        (this.link, this.traces, this.mayLeave) = (link, traces, mayLeave);
        threads = new Thread[cores];
        for (var i = 0; i < cores; i++)
        {
            threads[i] = new Thread(() => Work(plan)) { IsBackground = true, Name = $"compute {i}" };
            threads[i].Start();
        }
    }

    /// <summary>Why it left for want of memory; null when it did not.</summary>
    public OutOfMemoryException? Exhausted { get; private set; }

    /// <summary>Computes one piece of work and hands back its result, or what went wrong.</summary>
    public static void Compute(ComputeCore core, IHostEnd link, HostWork work, IHostTraces? traces = null, bool mayLeave = false)
    {
        var started = work.Started = WallTime.Now;
        double loss;
        try
        {
            loss = core.Run(work, link);
        }
        catch (OperationCanceledException) when (link.IsCancelled(work))
        {
            link.Abandon(work, null);
            return;
        }
        catch (Exception fault) when (!mayLeave || fault is not OutOfMemoryException)
        {
            link.Abandon(work, $"{fault.GetType().Name}: {fault.Message}");
            return;
        }

        var computed = WallTime.Now;
        work.Span = traces?.Computed(work, started, computed) ?? 0;
        link.Complete(work, loss, computed - started);
        traces?.Sent(work);
    }

    /// <summary>Waits until the link has closed and every thread has ended.</summary>
    public void Wait()
    {
        foreach (var thread in threads)
        {
            thread.Join();
        }
    }

    public void Dispose()
    {
        link.Dispose();
        Wait();
    }

    private void Work(HostPlan plan)
    {
        try
        {
            Serve(plan);
        }
        catch (OutOfMemoryException fault) when (mayLeave)
        {
            // Whatever this host holds goes to the others.
            Exhausted = fault;
            link.Dispose();
        }
    }

    private void Serve(HostPlan plan)
    {
        var work = new HostWork();
        ComputeCore? core = null;
        while (link.Receive(work, wait: true))
        {
            traces?.Decide(work.Slot, work.TraceRequested);
            try
            {
                core ??= new ComputeCore(plan);
            }
            catch (Exception fault) when (!mayLeave || fault is not OutOfMemoryException)
            {
                link.Abandon(work, $"no replica could be made: {fault.GetType().Name}: {fault.Message}");
                continue;
            }

            Compute(core, link, work, traces, mayLeave);
        }

        core?.Dispose();
    }
}

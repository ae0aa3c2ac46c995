namespace Orchestrator.Engine;

/// <summary>
/// Whoever holds it is the server: it alone touches parameters, workers, clock, recorder and the
/// server's end of the link. On the wall clock it is taken by flat combining (Hendler, Incze,
/// Shavit, Tzafrir, "Flat combining and the synchronization-parallelism tradeoff", SPAA 2010): a
/// thread that brings a result leaves it in the link's queue, which is the paper's publication
/// list, and one thread at a time, the combiner, takes what all have brought. The work changes no
/// thread, and hardly anybody waits for another's wake-up. Unlike in the paper, a thread that has
/// nothing else to do may wait to be the next combiner: what it brought is still in the caches of
/// its core.
/// </summary>
internal sealed class ServerLock
{
    // Some 45 us in all, where there are several cores.
    private const int SpinLength = 20;
    private static readonly int Spins = Environment.ProcessorCount > 1 ? 70 : 0;

    // Lock order: server, then combining. A thread that wants to combine holds neither when it
    // asks.
    private readonly object server = new();
    private readonly Lock combining = new();
    private Thread? combiner;
    private volatile Thread? successor;
    private bool lookAgain;

    /// <summary>Whether a thread waits to be the next combiner.</summary>
    public bool HasSuccessor => successor is not null;

    public void Enter() => Monitor.Enter(server);

    public void Exit() => Monitor.Exit(server);

    /// <summary>
    /// Lets go until <see cref="WakeAll"/> is called, or the time (ms; -1 for ever) is over. The
    /// holder alone.
    /// </summary>
    public void Wait(int timeout) => Monitor.Wait(server, timeout);

    /// <summary>Ends every <see cref="Wait"/>. The holder alone.</summary>
    public void WakeAll() => Monitor.PulseAll(server);

    /// <summary>
    /// A thread has left a result where <paramref name="handle"/> finds it. It is handled here, or
    /// by the present combiner.
    /// </summary>
    /// <param name="isIdle">Whether this thread has nothing else to do.</param>
    /// <param name="handle">Handles all results that are there; called with the lock.</param>
    public void Combine(bool isIdle, Action handle)
    {
        if (!Join(isIdle))
        {
            return;
        }

        do
        {
            Acquire(isIdle);
            try
            {
                Begin();
                handle();
            }
            finally
            {
                Exit();
            }
        }
        while (GoesOn());
    }

    // Under the lock "combining" a result is either seen by the combiner's next look or makes this
    // thread the combiner. Without it the combiner could stop looking just after the result had
    // come, and nobody would handle it.
    private bool Join(bool isIdle)
    {
        lock (combining)
        {
            lookAgain = true;
            if (combiner is not null && (!isIdle || successor is not null))
            {
                return false;
            }

            (combiner, successor) = combiner is null ? (Thread.CurrentThread, successor) : (combiner, Thread.CurrentThread);
            return true;
        }
    }

    // A step of the server is short: to sleep for the rest of it and be woken would take about as
    // long.
    private void Acquire(bool isIdle)
    {
        for (var i = 0; isIdle && i < Spins; i++)
        {
            if (Monitor.TryEnter(server))
            {
                return;
            }

            Thread.SpinWait(SpinLength);
        }

        Enter();
    }

    // Whoever got the lock combines. Results that come from here on ask for another look.
    private void Begin()
    {
        var self = Thread.CurrentThread;
        lock (combining)
        {
            (combiner, successor, lookAgain) = (self, successor == self ? null : successor, false);
        }
    }

    private bool GoesOn()
    {
        var self = Thread.CurrentThread;
        lock (combining)
        {
            if (combiner != self || successor is not null)
            {
                return false;
            }

            combiner = lookAgain ? self : null;
            return lookAgain;
        }
    }
}

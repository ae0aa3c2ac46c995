using System.Runtime.ExceptionServices;

namespace Orchestrator.Engine;

/// <content>
/// On the wall clock a compute thread of this process that has a result makes the server's step itself and takes its next work along: the work changes no
/// thread, and nobody waits for another's wake-up. The thread that runs keeps what has a time of its own.
/// </content>
public sealed partial class Training
{
    // Whoever holds it is the server.
    private readonly object turn = new();
    private long deadline;
    private bool isOver;
    private ExceptionDispatchInfo? fault;

    // Results that nobody has looked for yet.
    private int handed;

    // One thread at a time looks, as often as there was something new; the others go on computing.
    private void TakeTurn()
    {
        if (Interlocked.Increment(ref handed) > 1)
        {
            return;
        }

        int seen;
        do
        {
            seen = Volatile.Read(ref handed);
            lock (turn)
            {
                TakeWhatIsReady();
            }
        }
        while (Interlocked.Add(ref handed, -seen) > 0);
    }

    private void TakeWhatIsReady()
    {
        if (isOver || end is not null || fault is not null)
        {
            return;
        }

        try
        {
            while (end is null && wallClock!.Ready(deadline) is { } flight)
            {
                Step(flight);
            }
        }
        catch (Exception thrown)
        {
            // The thread that runs throws it.
            fault = ExceptionDispatchInfo.Capture(thrown);
        }

        if (end is not null || fault is not null)
        {
            clock.Interrupt();
        }

        wallClock!.Recall(deadline);
    }

    private void Step(Flight flight)
    {
        Take(flight);
        SettleDepartures();
        if (end is null && checkpoints?.IsDue(server.Version) == true)
        {
            WriteCheckpoint();
        }
    }
}

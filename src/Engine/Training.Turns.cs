using System.Runtime.ExceptionServices;

namespace Orchestrator.Engine;

/// <content>
/// On the wall clock whoever has heard of a result makes the server's step itself: within this process the compute thread, which takes its next work along,
/// otherwise the thread that listens to the host. The work changes no thread, and nobody waits for another's wake-up. The thread that runs keeps what has
/// a time of its own.
/// </content>
public sealed partial class Training
{
    // Some 45 us in all, where there are several cores.
    private const int SpinLength = 20;
    private static readonly int Spins = Environment.ProcessorCount > 1 ? 70 : 0;

    // Whoever holds it is the server.
    private readonly object turn = new();
    private long deadline;
    private bool hasBegun;
    private bool isOver;
    private ExceptionDispatchInfo? fault;

    // Who looks for results, and who is next.
    private readonly Lock looking = new();
    private Thread? looker;
    private volatile Thread? next;
    private bool lookAgain;

    // One thread at a time looks, as often as there was something new. Of the others one may wait to be the next, if it has nothing else to do: what it brought
    // is in its core's caches. The rest leave theirs to the one that looks and go on.
    private void TakeTurn(bool isIdle)
    {
        var self = Thread.CurrentThread;
        lock (looking)
        {
            lookAgain = true;
            if (looker is not null && (!isIdle || next is not null))
            {
                return;
            }

            (looker, next) = looker is null ? (self, next) : (looker, self);
        }

        do
        {
            EnterTurn(isIdle);
            try
            {
                BeginToLook(self);
                TakeWhatIsReady();
            }
            finally
            {
                Monitor.Exit(turn);
            }
        }
        while (GoesOn(self));
    }

    // A step is short: to sleep for the rest of another's and be woken would take about as long.
    private void EnterTurn(bool isIdle)
    {
        for (var i = 0; isIdle && i < Spins; i++)
        {
            if (Monitor.TryEnter(turn))
            {
                return;
            }

            Thread.SpinWait(SpinLength);
        }

        Monitor.Enter(turn);
    }

    private void BeginToLook(Thread self)
    {
        lock (looking)
        {
            (looker, next, lookAgain) = (self, next == self ? null : next, false);
        }
    }

    private bool GoesOn(Thread self)
    {
        lock (looking)
        {
            if (looker != self || next is not null)
            {
                return false;
            }

            looker = lookAgain ? self : null;
            return lookAgain;
        }
    }

    private void TakeWhatIsReady()
    {
        if (!hasBegun || isOver || end is not null || fault is not null)
        {
            return;
        }

        try
        {
            while (end is null && wallClock!.Ready(deadline) is { } flight)
            {
                Step(flight);

                // The last one is for the thread that brought it.
                if (next is not null && wallClock.IsNearlyIdle)
                {
                    break;
                }
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

    private void Step(InFlightPush flight)
    {
        Take(flight);
        SettleDepartures();
        if (end is null && checkpoints?.IsDue(server.Version) == true)
        {
            WriteCheckpoint();
        }
    }
}

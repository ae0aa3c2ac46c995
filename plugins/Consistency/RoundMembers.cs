using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

/// <summary>
/// Who computes, who waits to be released, who has left; all of it in the rule's state. At first
/// everybody computes.
/// </summary>
internal sealed class RoundMembers
{
    private const long Computes = 0, Waits = 1, Gone = 2;

    private readonly long[] status;
    private readonly long[] waiting;
    private readonly long[] counts; // absent workers (waiting or gone), held in `waiting`

    public RoundMembers(int workers, RuleState state)
    {
        status = state.Integers("status", workers);
        waiting = state.Integers("waiting", workers);
        counts = state.Integers("counts", 2);
    }

    /// <summary>Workers that compute.</summary>
    public long Computing => status.Length - counts[0];

    /// <summary>
    /// Workers that have been made to wait since the last release, those that left meanwhile
    /// included: their pushes are held too.
    /// </summary>
    public long Held => counts[1];

    /// <summary>Whether a worker has not left.</summary>
    public bool Has(int worker) => status[worker] != Gone;

    /// <summary>A worker whose push has arrived waits until <see cref="Release"/>.</summary>
    public void Hold(int worker)
    {
        if (status[worker] == Computes)
        {
            counts[0]++;
            status[worker] = Waits;
        }

        waiting[counts[1]++] = worker;
    }

    /// <summary>A worker will not be heard of again.</summary>
    public void Leave(int worker)
    {
        if (status[worker] == Computes)
        {
            counts[0]++;
        }

        status[worker] = Gone;
    }

    /// <summary>Lets the waiting workers go on, in worker order.</summary>
    public void Release(Decision decision)
    {
        var held = waiting.AsSpan(0, (int)counts[1]);
        held.Sort();
        foreach (var worker in held)
        {
            if (status[worker] == Waits)
            {
                status[worker] = Computes;
                counts[0]--;
                decision.Release((int)worker);
            }
        }

        counts[1] = 0;
    }

    /// <summary>Ends all work in flight and lets everybody go on, in worker order.</summary>
    public void Restart(Decision decision)
    {
        for (var worker = 0; worker < status.Length; worker++)
        {
            if (status[worker] == Gone)
            {
                continue;
            }

            if (status[worker] == Computes)
            {
                decision.Cancel(worker);
            }
            else
            {
                status[worker] = Computes;
                counts[0]--;
            }

            decision.Release(worker);
        }

        counts[1] = 0;
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

public sealed record StaleSynchronousOptions(
    [Description("s: by how many clocks a worker may be ahead of the slowest and still go on.")][Range(0, int.MaxValue)] int Slack);

/// <summary>
/// A worker's clock is the number of its pushes; it may start clock c + 1 only while c - min c_j
/// &lt;= s, the minimum over the workers that have not left. Each push is an update of its own; a
/// worker that waited pulls when released, not when it pushed. Ho et al.: More effective
/// distributed ML via a stale synchronous parallel parameter server, NeurIPS 2013. Deviation: the
/// paper's workers read cached parameters that may be older than the server's; ours read the
/// server's. s = 0 pulls like bulk-synchronous; s above any clock is asynchronous. State: 24 bytes
/// per worker.
/// </summary>
[Description("Asynchronous, but no worker runs more than s clocks ahead of the slowest.")]
[Plugin("stale-synchronous")]
internal sealed class StaleSynchronous(StaleSynchronousOptions options) : IConsistency
{
    private RoundMembers roster = null!;
    private long[] clocks = [];
    private long[] slowest = []; // the smallest clock, workers at it

    public bool TakesMean => false;

    public void Attach(int workers, RuleState state)
    {
        roster = new RoundMembers(workers, state);
        clocks = state.Integers("clocks", workers);
        slowest = state.Integers("slowest", 2);
        slowest[1] = workers;
    }

    public void Arrived(in Arrival arrival, Decision decision)
    {
        decision.Apply();
        var clock = ++clocks[arrival.Worker];
        if (LeavesSlowest(clock - 1))
        {
            roster.Hold(arrival.Worker);
            Advance(decision);
        }
        else if (clock - slowest[0] > options.Slack)
        {
            roster.Hold(arrival.Worker);
        }
        else
        {
            decision.Release(arrival.Worker);
        }
    }

    public void Left(int worker, Decision decision)
    {
        roster.Leave(worker);
        if (LeavesSlowest(clocks[worker]))
        {
            Advance(decision);
        }
    }

    private bool LeavesSlowest(long clock) => clock == slowest[0] && --slowest[1] == 0;

    // Every waiting worker is exactly s + 1 ahead, so any advance releases all of them. The minimum
    // advances at most once per N pushes: O(1) amortised.
    private void Advance(Decision decision)
    {
        var (minimum, count) = (long.MaxValue, 0L);
        for (var worker = 0; worker < clocks.Length; worker++)
        {
            if (!roster.Has(worker) || clocks[worker] > minimum)
            {
                continue;
            }

            count = clocks[worker] < minimum ? 1 : count + 1;
            minimum = clocks[worker];
        }

        (slowest[0], slowest[1]) = (minimum, count);
        roster.Release(decision);
    }
}

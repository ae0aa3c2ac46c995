using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

/// <summary>
/// Rounds: every worker computes on the same parameters, the update is the mean of their gradients,
/// and all go on together. Valiant: A bridging model for parallel computation, 1990; as distributed
/// SGD in Chen et al.: Revisiting distributed synchronous SGD, 2016. A worker that leaves is no
/// longer waited for; what it pushed in the round still counts. State: 16 bytes per worker.
/// </summary>
[Description("Rounds: the mean of every worker's gradient at the same parameters is an update.")]
[Plugin("bulk-synchronous")]
internal sealed class BulkSynchronous : IConsistency
{
    private RoundMembers roster = null!;

    public bool TakesMean => true;

    public bool OneVersion => true;

    public void Attach(int workers, RuleState state) => roster = new RoundMembers(workers, state);

    public void Arrived(in Arrival arrival, Decision decision)
    {
        roster.Hold(arrival.Worker);
        if (roster.Computing > 0)
        {
            decision.Buffer();
            return;
        }

        roster.Release(decision.Apply());
    }

    public void Left(int worker, Decision decision)
    {
        roster.Leave(worker);
        if (roster.Computing == 0 && roster.Held > 0)
        {
            roster.Release(decision.ApplyBuffered());
        }
    }

    public int LargestBuffer(int workers) => workers - 1;
}

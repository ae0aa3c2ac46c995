using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

public sealed record KBatchSyncOptions([Description("Gradients that make an update, several of a fast worker included.")][Range(1, int.MaxValue)] int K);

/// <summary>
/// Rounds that end with the first K gradients: a worker that has pushed takes its next batch on the
/// same parameters at once. The update is the mean; all work in flight is cancelled and everybody
/// goes on. Dutta et al.: Slow and stale gradients can win the race (K-batch-sync SGD), AISTATS
/// 2018. No deviation. When the last worker leaves, what is held makes an update. State: 16 bytes
/// per worker.
/// </summary>
[Description("Rounds that end with any K gradients; work in flight is cancelled.")]
[Plugin("k-batch-sync")]
internal sealed class KBatchSync(KBatchSyncOptions options) : IConsistency
{
    private RoundMembers roster = null!;
    private Tally tally = null!;

    public bool TakesMean => options.K > 1;

    public bool OneVersion => true;

    public void Attach(int workers, RuleState state) => (roster, tally) = (new RoundMembers(workers, state), new Tally(options.K, workers, state));

    public void Arrived(in Arrival arrival, Decision decision)
    {
        if (!tally.Completes())
        {
            decision.Buffer().Release(arrival.Worker);
            return;
        }

        roster.Hold(arrival.Worker);
        roster.Restart(decision.Apply());
    }

    public void Left(int worker, Decision decision)
    {
        roster.Leave(worker);
        if (tally.Strands())
        {
            decision.ApplyBuffered();
        }
    }

    public int LargestBuffer(int workers) => options.K - 1;
}

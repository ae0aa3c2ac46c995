using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

public sealed record KSyncOptions([Description("Workers whose gradients make an update.")][Range(1, int.MaxValue)] int K);

/// <summary>
/// Rounds that end with the first K workers: the update is the mean of their gradients, the others'
/// work is cancelled, and all go on together. Dutta, Joshi, Ghosh, Dube, Nagpurkar: Slow and stale
/// gradients can win the race (K-sync SGD), AISTATS 2018. With K = N it is bulk-synchronous. When
/// workers have left and fewer than K remain, a round ends with the last of them. State: 16 bytes
/// per worker.
/// </summary>
[Description("Rounds that end with the first K workers; the others are cancelled.")]
[Plugin("k-sync")]
internal sealed class KSync(KSyncOptions options) : IConsistency
{
    private RoundMembers roster = null!;

    public bool TakesMean => options.K > 1;

    public bool OneVersion => true;

    public void Attach(int workers, RuleState state)
    {
        Limits.Between("k", options.K, 1, workers, workers);
        roster = new RoundMembers(workers, state);
    }

    public void Arrived(in Arrival arrival, Decision decision)
    {
        roster.Hold(arrival.Worker);
        if (roster.Held < options.K && roster.Computing > 0)
        {
            decision.Buffer();
            return;
        }

        roster.Restart(decision.Apply());
    }

    public void Left(int worker, Decision decision)
    {
        roster.Leave(worker);
        if (roster.Computing == 0 && roster.Held > 0)
        {
            roster.Restart(decision.ApplyBuffered());
        }
    }

    public int LargestBuffer(int workers) => Math.Min(options.K, workers) - 1;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

public sealed record KAsyncOptions([Description("Workers whose gradients make an update.")][Range(1, int.MaxValue)] int K);

/// <summary>
/// The mean of the first K workers' gradients, however stale, is an update; those K go on together,
/// and the others compute on undisturbed. Dutta et al.: Slow and stale gradients can win the race
/// (K-async SGD), AISTATS 2018. With K = N it is bulk-synchronous, with K = 1 asynchronous. When
/// workers have left and fewer than K remain, the last of them completes the update. State: 16
/// bytes per worker.
/// </summary>
[Description("The mean of the first K workers' gradients is an update; the others compute on.")]
[Plugin("k-async")]
internal sealed class KAsync(KAsyncOptions options) : IConsistency
{
    private RoundMembers roster = null!;

    public bool TakesMean => options.K > 1;

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

    public int LargestBuffer(int workers) => Math.Min(options.K, workers) - 1;
}

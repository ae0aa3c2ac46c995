using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

public sealed record KBatchAsyncOptions([Description("Gradients that make an update, several of a fast worker included.")][Range(1, int.MaxValue)] int K);

/// <summary>
/// The mean of any K gradients, however stale and whosever, is an update; a worker that has pushed
/// goes on at once with the parameters of that moment. Dutta et al.: Slow and stale gradients can
/// win the race (K-batch-async SGD), AISTATS 2018. No deviation. With K = 1 it is asynchronous.
/// When the last worker leaves, what is held makes an update. State: 16 bytes in all.
/// </summary>
[Description("The mean of any K gradients is an update; nobody waits.")]
[Plugin("k-batch-async")]
internal sealed class KBatchAsync(KBatchAsyncOptions options) : IConsistency
{
    private Tally tally = null!;

    public bool TakesMean => options.K > 1;

    public void Attach(int workers, RuleState state) => tally = new Tally(options.K, workers, state);

    public void Arrived(in Arrival arrival, Decision decision)
        => (tally.Completes() ? decision.Apply() : decision.Buffer()).Release(arrival.Worker);

    public void Left(int worker, Decision decision)
    {
        if (tally.Strands())
        {
            decision.ApplyBuffered();
        }
    }

    public int LargestBuffer(int workers) => options.K - 1;
}

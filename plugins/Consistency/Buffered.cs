using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

public sealed record BufferedOptions(
    [Description("K: pushes that make an update.")][Range(1, int.MaxValue)] int Size,
    [Description("Pushes of a greater staleness are dropped; null: none is.")][Range(0, int.MaxValue)] int? LargestStaleness = null);

/// <summary>
/// FedBuff: pushes are gathered in a buffer, and the mean of K of them is an update; nobody waits.
/// Nguyen et al.: Federated learning with buffered asynchronous aggregation, AISTATS 2022. The
/// paper's deltas are the pushes of the worker rule local-steps, its staleness weight 1/sqrt(1 +
/// tau) is the correction polynomial with p = .5. An optional bound on staleness, as deployments of
/// it have, is ours. With K = 1 and no bound it is asynchronous. State: 16 bytes in all.
/// </summary>
[Description("FedBuff: the mean of K pushes is an update; nobody waits.")]
[Plugin("buffered")]
internal sealed class Buffered(BufferedOptions options) : IConsistency
{
    private Tally tally = null!;

    public bool TakesMean => options.Size > 1;

    public long LargestStaleness => options.LargestStaleness ?? long.MaxValue;

    public void Attach(int workers, RuleState state) => tally = new Tally(options.Size, workers, state);

    public void Arrived(in Arrival arrival, Decision decision)
    {
        if (arrival.Staleness > LargestStaleness)
        {
            decision.Drop().Release(arrival.Worker);
            return;
        }

        (tally.Completes() ? decision.Apply() : decision.Buffer()).Release(arrival.Worker);
    }

    public void Left(int worker, Decision decision)
    {
        if (tally.Strands())
        {
            decision.ApplyBuffered();
        }
    }

    public int LargestBuffer(int workers) => options.Size - 1;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

public sealed record RennalaOptions([Description("S: gradients at the present parameters that make an update.")][Range(1, int.MaxValue)] int Gradients);

/// <summary>
/// Only gradients computed on the present parameters count: the mean of S of them is an update,
/// stale ones are dropped, and a worker goes on at once either way. Tyurin, Richtárik: Optimal time
/// complexities of parallel stochastic optimization methods under a fixed computation model
/// (Rennala SGD), NeurIPS 2023. No deviation. With S = 1 it is the staleness threshold R = 1. When
/// the last worker leaves, what is held makes an update. State: 16 bytes in all.
/// </summary>
[Description("The mean of S gradients at the present parameters is an update; stale ones are dropped.")]
[Plugin("rennala")]
internal sealed class Rennala(RennalaOptions options) : IConsistency
{
    private Tally tally = null!;

    public bool TakesMean => options.Gradients > 1;

    public long LargestStaleness => 0;

    public void Attach(int workers, RuleState state) => tally = new Tally(options.Gradients, workers, state);

    public void Arrived(in Arrival arrival, Decision decision)
    {
        if (arrival.Staleness > 0)
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

    public int LargestBuffer(int workers) => options.Gradients - 1;
}

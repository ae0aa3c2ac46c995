using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

public sealed record BackupWorkersOptions(
    [Description("b: how many of the workers each round does without; below the number of workers.")][Range(0, int.MaxValue)] int Backup);

/// <summary>
/// Rounds of N + b workers that end with the first N gradients: the update is their mean. The rest
/// compute on; what they push is dropped on arrival, and they join the round of that moment. Chen,
/// Pan, Monga, Bengio, Jozefowicz: Revisiting distributed synchronous SGD, 2016. No deviation. With
/// b = 0 it is bulk-synchronous. A worker that leaves lowers N, not b. State: 16 bytes per worker.
/// </summary>
[Description("Rounds that end with the first N gradients of N + b workers; the rest is dropped.")]
[Plugin("backup-workers")]
internal sealed class BackupWorkers(BackupWorkersOptions options) : IConsistency
{
    private RoundMembers roster = null!;

    public bool TakesMean => true;

    public long LargestStaleness => 0;

    public void Attach(int workers, RuleState state)
    {
        Limits.Between("backup", options.Backup, 0, workers - 1, workers);
        roster = new RoundMembers(workers, state);
    }

    public void Arrived(in Arrival arrival, Decision decision)
    {
        if (arrival.Staleness > 0)
        {
            decision.Drop().Release(arrival.Worker);
            return;
        }

        roster.Hold(arrival.Worker);
        if (roster.Computing > options.Backup)
        {
            decision.Buffer();
            return;
        }

        roster.Release(decision.Apply());
    }

    public void Left(int worker, Decision decision)
    {
        roster.Leave(worker);
        if (roster.Computing <= options.Backup && roster.Held > 0)
        {
            roster.Release(decision.ApplyBuffered());
        }
    }

    public int LargestBuffer(int workers) => Math.Max(0, workers - options.Backup - 1);
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>Options of the consistency model <c>my-plugin</c>.</summary>
public sealed record MyPluginConsistencyOptions(
    [Description("Updates that a worker may be ahead of the worker with the fewest.")][Range(1, int.MaxValue)] int Lead = 5);

/// <summary>
/// Every worker has its say: a push is an update of its own, but one of a worker that has made
/// <c>lead</c> updates more than the worker with the fewest is dropped. Nobody waits. State: 16
/// bytes per worker.
/// </summary>
[Plugin("my-plugin")]
[Description("Drops pushes of workers that are too far ahead of the slowest; nobody waits.")]
internal sealed class MyPluginConsistency(MyPluginConsistencyOptions options) : IConsistency
{
    private long[] updates = null!;
    private long[] left = null!;

    public bool TakesMean => false;

    /// <summary>
    /// Whatever it remembers lives in the engine's state, which saves and restores it.
    /// </summary>
    public void Attach(int workers, RuleState state)
    {
        updates = state.Integers("updates", workers);
        left = state.Integers("left", workers);
    }

    public void Arrived(in Arrival arrival, Decision decision)
    {
        if (updates[arrival.Worker] - Fewest() < options.Lead)
        {
            updates[arrival.Worker]++;
            decision.Apply();
        }
        else
        {
            decision.Drop();
        }

        decision.Release(arrival.Worker);
    }

    /// <summary>Those that are gone hold nobody back.</summary>
    public void Left(int worker, Decision decision) => left[worker] = 1;

    private long Fewest()
    {
        var fewest = long.MaxValue;
        for (var worker = 0; worker < updates.Length; worker++)
        {
            fewest = left[worker] == 0 ? Math.Min(fewest, updates[worker]) : fewest;
        }

        return fewest;
    }
}

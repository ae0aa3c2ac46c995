using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every consistency model promises: lawful answers, nobody starves, saved state, ...
/// </summary>
public class MyPluginConsistencyContract : ConsistencyContract
{
    public override IConsistency Create(int workers) => new MyPluginConsistency(new MyPluginConsistencyOptions());

    public override bool KeepsEverybodyComputing => true;

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
    [
        new(
            "without a limit it is asynchronous",
            () => new MyPluginConsistency(new MyPluginConsistencyOptions(int.MaxValue)),
            ReferenceConsistency.Asynchronous),
    ];
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginConsistencyTests
{
    [Fact]
    public void A_worker_too_far_ahead_is_dropped_until_the_slowest_has_caught_up()
    {
        using var state = new RuleState(length: 1, workers: 2);
        var rule = new MyPluginConsistency(new MyPluginConsistencyOptions(Lead: 2));
        rule.Attach(2, state);
        Assert.Equal(
            [Disposition.Apply, Disposition.Apply, Disposition.Drop, Disposition.Apply, Disposition.Apply, Disposition.Drop],
            ((int[])[0, 0, 0, 1, 0, 0]).Select(worker => Answer(rule, worker)));
    }

    private static Disposition Answer(IConsistency rule, int worker)
    {
        var decision = new Decision();
        rule.Arrived(new Arrival(worker, 0, 0, 0), decision);
        Assert.Equal([worker], decision.Released);
        return decision.Disposition;
    }
}

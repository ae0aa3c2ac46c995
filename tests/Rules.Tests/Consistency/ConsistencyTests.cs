using Orchestrator.Abstractions;
using Orchestrator.Consistency;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Consistency;

public sealed class AsynchronousTests : ConsistencyContract
{
    public override bool KeepsEverybodyComputing => true;

    public override IConsistency Create(int workers) => new Asynchronous();

    public override IEnumerable<ConsistencyIdentity> Identities(int workers)
    {
        yield return new("asynchronous = every push an update", () => Create(workers), ReferenceConsistency.Asynchronous);
        if (workers == 1)
        {
            yield return new("one worker: asynchronous = bulk-synchronous", () => Create(1), ReferenceConsistency.BulkSynchronous);
        }
    }
}

public sealed class StalenessThresholdTests : ConsistencyContract
{
    public override bool KeepsEverybodyComputing => true;

    public override IConsistency Create(int workers) => new StalenessThreshold(new(3));

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
    [
        new("staleness-threshold(infinite) = asynchronous", () => new StalenessThreshold(new(int.MaxValue)), ReferenceConsistency.Asynchronous),
        new("staleness-threshold(2) drops tau >= 2", () => new StalenessThreshold(new(2)), () => ReferenceConsistency.StalenessThreshold(2)),
    ];
}

public sealed class BulkSynchronousTests : ConsistencyContract
{
    public override IConsistency Create(int workers) => new BulkSynchronous();

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
        [new("bulk-synchronous = rounds of everybody", () => Create(workers), ReferenceConsistency.BulkSynchronous)];
}

public sealed class BackupWorkersTests : ConsistencyContract
{
    public override IConsistency Create(int workers) => new BackupWorkers(new(Math.Min(2, workers - 1)));

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
        [new("backup-workers(0) = bulk-synchronous", () => new BackupWorkers(new(0)), ReferenceConsistency.BulkSynchronous)];
}

public sealed class KSyncTests : ConsistencyContract
{
    public override IConsistency Create(int workers) => new KSync(new(Math.Min(2, workers)));

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
        [new("k-sync(N) = bulk-synchronous", () => new KSync(new(workers)), ReferenceConsistency.BulkSynchronous)];
}

public sealed class KAsyncTests : ConsistencyContract
{
    public override IConsistency Create(int workers) => new KAsync(new(Math.Min(3, workers)));

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
    [
        new("k-async(N) = bulk-synchronous", () => new KAsync(new(workers)), ReferenceConsistency.BulkSynchronous),
        new("k-async(1) = asynchronous", () => new KAsync(new(1)), ReferenceConsistency.Asynchronous),
    ];
}

public sealed class KBatchSyncTests : ConsistencyContract
{
    public override IConsistency Create(int workers) => new KBatchSync(new(4));
}

public sealed class KBatchAsyncTests : ConsistencyContract
{
    public override bool KeepsEverybodyComputing => true;

    public override IConsistency Create(int workers) => new KBatchAsync(new(4));

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
        [new("k-batch-async(1) = asynchronous", () => new KBatchAsync(new(1)), ReferenceConsistency.Asynchronous)];
}

public sealed class BufferedTests : ConsistencyContract
{
    public override bool KeepsEverybodyComputing => true;

    public override IConsistency Create(int workers) => new Buffered(new(5, 12));

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
    [
        new("buffered(1) = asynchronous", () => new Buffered(new(1)), ReferenceConsistency.Asynchronous),
        new("buffered(1), staleness up to 2 = staleness-threshold(3)", () => new Buffered(new(1, 2)), () => ReferenceConsistency.StalenessThreshold(3)),
        new("buffered(K) = k-batch-async(K)", () => new Buffered(new(3)), () => new KBatchAsync(new(3))),
    ];
}

public sealed class RennalaTests : ConsistencyContract
{
    public override bool KeepsEverybodyComputing => true;

    public override IConsistency Create(int workers) => new Rennala(new(4));

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
        [new("rennala(1) = asynchronous with threshold 1", () => new Rennala(new(1)), () => ReferenceConsistency.StalenessThreshold(1))];
}

public sealed class StaleSynchronousTests : ConsistencyContract
{
    public override IConsistency Create(int workers) => new StaleSynchronous(new(2));

    public override IEnumerable<ConsistencyIdentity> Identities(int workers) =>
        [new("stale-synchronous(infinite) = asynchronous", () => new StaleSynchronous(new(int.MaxValue)), ReferenceConsistency.Asynchronous)];

    [Fact]
    public void Without_slack_it_pulls_like_bulk_synchronous()
    {
        foreach (var name in ToyDurations.Names)
        {
            var durations = ToyDurations.Of(name);
            var rounds = Pulls(ReferenceConsistency.BulkSynchronous(), durations);
            Assert.NotEmpty(rounds);
            Assert.Equal(rounds, Pulls(new StaleSynchronous(new(0)), durations));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void No_worker_starts_a_clock_beyond_the_slack(int slack)
    {
        foreach (var name in ToyDurations.Names)
        {
            var clocks = new long[6];
            var widest = 0L;
            new ToyRun(new StaleSynchronous(new(slack)), clocks.Length, ToyDurations.Of(name), toy =>
            {
                clocks[toy.Worker] += toy.Step == ToyStep.Apply ? 1 : 0;
                widest = Math.Max(widest, toy.Step == ToyStep.Pull ? clocks[toy.Worker] - clocks.Min() : 0);
            }).Until(3000);
            Assert.True(widest <= slack, $"{name}: a worker started {widest} clocks ahead; the slack is {slack}.");
        }
    }

    [Fact]
    public void A_fast_worker_uses_all_of_its_slack()
    {
        var ahead = 0L;
        var clocks = new long[2];
        new ToyRun(new StaleSynchronous(new(3)), 2, ToyDurations.Of("one-slow"), toy =>
        {
            clocks[toy.Worker] += toy.Step == ToyStep.Apply ? 1 : 0;
            ahead = Math.Max(ahead, toy.Step == ToyStep.Pull ? clocks[toy.Worker] - clocks.Min() : 0);
        }).Until(1000);
        Assert.Equal(3, ahead);
    }

    private static List<(long, int, long)> Pulls(IConsistency rule, Func<int, long, long> durations)
        => [.. Timeline(rule, 5, durations).Where(toy => toy.Step == ToyStep.Pull).Select(toy => (toy.Time, toy.Worker, toy.Gradient))];
}

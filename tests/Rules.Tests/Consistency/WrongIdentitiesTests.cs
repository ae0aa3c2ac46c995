using Orchestrator.Abstractions;
using Orchestrator.Consistency;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Consistency;

/// <summary>
/// For each identity, a model that a hasty reading would write, and the suite's verdict on it.
/// </summary>
public sealed class WrongIdentitiesTests
{
    private static readonly Dictionary<string, ConsistencyIdentity> Wrong = new()
    {
        ["asynchronous that lets the next worker go, not its own"] = new("asynchronous", () => new WrongRule
        {
            // memory: 1 + the worker that still waits
            Arrives = (rule, push, decision) => rule.Swap(push.Worker, decision.Apply()),
        }, ReferenceConsistency.Asynchronous),
        ["staleness threshold that keeps tau = R"] = new(
            "staleness-threshold", () => new StalenessThreshold(new(3)), () => ReferenceConsistency.StalenessThreshold(2)),
        ["k-sync(N) that lets workers go in the order of arrival"] = new("k-sync(N)", () => new WrongRule
        {
            Arrives = (rule, push, decision) => rule.Gather(push.Worker, rule.Workers, decision, sorted: false),
        }, ReferenceConsistency.BulkSynchronous),
        ["k-async(N) that is satisfied with N - 1"] = new("k-async(N)", () => new WrongRule
        {
            Arrives = (rule, push, decision) => rule.Gather(push.Worker, Math.Max(1, rule.Workers - 1), decision, sorted: true),
        }, ReferenceConsistency.BulkSynchronous),
        ["k-async(1) that drops what is stale"] = new("k-async(1)", () => new Rennala(new(1)), ReferenceConsistency.Asynchronous),
        ["backup-workers(0) that drops the last of each round"] = new("backup-workers(0)", () => new WrongRule
        {
            Arrives = (rule, push, decision) => (push.Staleness > 0 ? decision.Drop() : decision.Apply()).Release(push.Worker),
        }, ReferenceConsistency.BulkSynchronous),
        ["bulk-synchronous that waits for those who left"] = new("bulk-synchronous", () => new WrongRule
        {
            Arrives = (rule, push, decision) => rule.Gather(push.Worker, rule.Workers, decision, sorted: true),
        }, ReferenceConsistency.BulkSynchronous),
        ["k-batch-async(1) that counts from zero"] = new("k-batch-async(1)", () => new KBatchAsync(new(2)), ReferenceConsistency.Asynchronous),
        ["buffered(1) that bounds staleness unasked"] = new("buffered(1)", () => new Buffered(new(1, 1)), ReferenceConsistency.Asynchronous),
        ["rennala(1) that counts staleness from one"] = new(
            "rennala(1)", () => new StalenessThreshold(new(2)), () => ReferenceConsistency.StalenessThreshold(1)),
        ["stale-synchronous(infinite) that still waits"] = new(
            "stale-synchronous(infinite)", () => new StaleSynchronous(new(1)), ReferenceConsistency.Asynchronous),
    };

    public static TheoryData<string> Cases => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_suite_catches(string wrong)
    {
        var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(new Suite(Wrong[wrong]).Its_identities_hold);
        Assert.True(failure.Message.Contains(Wrong[wrong].Claim) || failure.Message.Contains("stuck"), failure.Message);
    }

    private sealed class Suite(ConsistencyIdentity identity) : ConsistencyContract
    {
        public override IConsistency Create(int workers) => identity.Rule();

        public override IEnumerable<ConsistencyIdentity> Identities(int workers) => [identity];
    }
}

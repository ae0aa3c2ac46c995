using Orchestrator.Abstractions;
using Orchestrator.Consistency;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Consistency;

/// <summary>Short timelines worked out by hand, workers of 100, 200, 300, ... ns each.</summary>
public sealed class RoundTests
{
    [Fact]
    public void K_sync_cancels_whoever_is_not_among_the_first_K()
        => Assert.Equal("100:b0 200:A1 200:c2 200:c3 300:b0 400:A1 400:c2 400:c3", Story(new KSync(new(2)), 4, 4));

    [Fact]
    public void K_async_lets_the_others_compute_on()
        => Assert.Equal("100:b0 200:A1 300:b0 300:A2 400:b0 400:A1", Story(new KAsync(new(2)), 3, 6));

    [Fact]
    public void K_batch_sync_counts_several_of_a_fast_worker()
        => Assert.Equal("100:b0 200:b0 200:A1 200:c0 200:c2 300:b0", Story(new KBatchSync(new(3)), 3, 4));

    [Fact]
    public void K_batch_async_counts_several_of_a_fast_worker_and_cancels_nobody()
        => Assert.Equal("100:b0 200:b0 200:A1 300:b0 300:b2 400:A0 400:b1", Story(new KBatchAsync(new(3)), 3, 7));

    [Fact]
    public void A_backup_worker_s_late_push_is_dropped_and_it_joins_the_round()
        => Assert.Equal("100:b0 200:A1 300:b0 300:d2 400:A1 500:b0 600:A1 600:d2", Story(new BackupWorkers(new(1)), 3, 8));

    [Fact]
    public void Rennala_drops_what_was_computed_on_older_parameters()
        => Assert.Equal("100:b0 200:A0 200:d1 300:b0 300:d2 400:A0 400:d1", Story(new Rennala(new(2)), 3, 7));

    [Fact]
    public void A_lost_worker_completes_the_round_that_waited_for_it()
    {
        var run = new ToyRun(new BulkSynchronous(), 3, ToyDurations.Of("ranked")).Until(2);
        run.Lose(2);
        Assert.Equal((1, 0), (run.Version, run.Held));
    }

    [Fact]
    public void A_push_of_a_worker_that_left_still_counts_in_its_round()
    {
        var run = new ToyRun(new BulkSynchronous(), 3, ToyDurations.Of("ranked")).Until(1);
        run.Lose(0);
        run.Until(3);
        Assert.Equal((1, 3), (run.Version, run.Applied));
    }

    [Fact]
    public void No_push_stays_held_when_everybody_has_left()
    {
        IConsistency[] rules =
        [
            new BulkSynchronous(), new KSync(new(3)), new KAsync(new(3)), new BackupWorkers(new(1)), new KBatchSync(new(4)), new KBatchAsync(new(4)),
            new Buffered(new(4)), new Rennala(new(4)),
        ];
        Assert.All(rules, rule => Assert.Equal(0, new ToyRun(rule, 5, ToyDurations.Of("random"), gradientsEach: 7).Until(long.MaxValue).Held));
    }

    [Fact]
    public void Numbers_that_do_not_fit_the_workers_are_refused()
    {
        Assert.Equal("k", Refused(new KSync(new(5))));
        Assert.Equal("k", Refused(new KAsync(new(5))));
        Assert.Equal("backup", Refused(new BackupWorkers(new(4))));
    }

    private static string Refused(IConsistency rule)
    {
        using var state = new RuleState(0, 4);
        return Assert.Throws<OptionException>(() => rule.Attach(4, state)).Option;
    }

    // time:what-worker, where A applies, b buffers, d drops, c cancels.
    private static string Story(IConsistency rule, int workers, int arrivals)
    {
        var lines = new List<string>();
        new ToyRun(rule, workers, ToyDurations.Of("ranked"), toy =>
        {
            if (toy.Step != ToyStep.Pull)
            {
                lines.Add($"{toy.Time}:{toy.Step switch { ToyStep.Apply => 'A', ToyStep.Buffer => 'b', ToyStep.Drop => 'd', _ => 'c' }}{toy.Worker}");
            }
        }).Until(arrivals);
        return string.Join(' ', lines);
    }
}

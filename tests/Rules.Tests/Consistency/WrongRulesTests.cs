using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Consistency;

/// <summary>
/// For each clause of the contract, a model that breaks it, and the suite's verdict on it.
/// </summary>
public sealed class WrongRulesTests
{
    [Fact]
    public void A_push_without_a_disposition_is_caught()
        => Caught(s => s.Each_answer_is_lawful_and_nobody_starves(), "neither apply", (_, push, decision) => decision.Release(push.Worker));

    [Fact]
    public void A_push_with_two_dispositions_is_caught()
    {
        var suite = new Suite(new() { Arrives = (_, push, decision) => decision.Apply().Drop().Release(push.Worker) });
        Assert.Contains("both", Assert.Throws<InvalidOperationException>(suite.Each_answer_is_lawful_and_nobody_starves).Message);
    }

    [Fact]
    public void A_release_of_a_worker_that_computes_is_caught()
        => Caught(s => s.Each_answer_is_lawful_and_nobody_starves(), "is released and is computing", (rule, push, decision) =>
            decision.Apply().Release(push.Worker).Release((push.Worker + 1) % rule.Workers));

    [Fact]
    public void A_release_of_nobody_known_is_caught()
        => Caught(s => s.Each_answer_is_lawful_and_nobody_starves(), "does not exist", (rule, _, decision) => decision.Apply().Release(rule.Workers));

    [Fact]
    public void A_cancellation_of_a_worker_that_waits_is_caught()
        => Caught(s => s.Each_answer_is_lawful_and_nobody_starves(), "computes nothing", (_, push, decision) =>
            decision.Apply().Cancel(push.Worker).Release(push.Worker));

    [Fact]
    public void A_run_that_stands_still_is_caught()
        => Caught(s => s.Each_answer_is_lawful_and_nobody_starves(), "stuck", (_, _, decision) => decision.Buffer());

    [Fact]
    public void A_cancelled_worker_that_is_never_released_is_caught()
        => Caught(s => s.Each_answer_is_lawful_and_nobody_starves(), "is not released", (rule, push, decision) =>
        {
            decision.Apply().Release(push.Worker);
            if (rule.Waiting == 0 && rule.Workers > 1)
            {
                rule.Waiting = 1;
                decision.Cancel((push.Worker + 1) % rule.Workers);
            }
        });

    [Fact]
    public void More_pushes_held_than_announced_are_caught()
        => Caught(s => s.Each_answer_is_lawful_and_nobody_starves(), "are held", (_, push, decision) => decision.Buffer().Release(push.Worker));

    [Fact]
    public void A_rule_that_makes_no_update_is_caught()
        => Caught(s => s.Each_answer_is_lawful_and_nobody_starves(), "no update", (_, push, decision) => decision.Drop().Release(push.Worker));

    [Fact]
    public void Waiting_for_the_lost_is_caught()
        => Caught(s => s.Lost_workers_hold_nobody_up(), "stuck", (rule, push, decision) => rule.Gather(push.Worker, rule.Workers, decision, sorted: true));

    [Fact]
    public void Waiting_for_those_who_have_ended_is_caught()
        => Caught(s => s.Every_worker_ends_its_passes(), "stuck", (rule, push, decision) => rule.Swap(push.Worker, decision.Apply()));

    [Fact]
    public void A_disposition_on_leaving_is_caught()
    {
        var suite = new Suite(new() { Arrives = (_, push, decision) => decision.Apply().Release(push.Worker), Leaves = (_, _, decision) => decision.Apply() });
        Assert.Contains("Left has no push", Assert.ThrowsAny<Xunit.Sdk.XunitException>(suite.Every_worker_ends_its_passes).Message);
    }

    [Fact]
    public void An_update_of_the_buffered_on_arrival_is_caught()
        =>
            Caught(
                s => s.Each_answer_is_lawful_and_nobody_starves(), "answer to Left only",
                (_, push, decision) => decision.Drop().ApplyBuffered().Release(push.Worker));

    [Fact]
    public void A_memory_outside_the_state_is_caught()
        => Caught(s => s.Saved_and_restored_it_goes_on_as_if_nothing_had_happened(), "restored", (rule, push, decision) =>
            (++rule.Forgotten % 7 == 0 ? decision.Drop() : decision.Apply()).Release(push.Worker));

    [Fact]
    public void An_answer_that_depends_on_something_else_is_caught()
    {
        var calls = 0;
        Caught(s => s.The_same_arrivals_get_the_same_answers(), "differs", (_, push, decision) =>
            (++calls % 999 == 0 ? decision.Drop() : decision.Apply()).Release(push.Worker));
    }

    [Fact]
    public void An_allocation_in_an_answer_is_caught()
        => Caught(
            s => s.Answers_allocate_nothing(), "bytes were allocated", (_, push, decision) => decision.Apply().Release(new string('x', push.Worker).Length));

    [Fact]
    public void A_worker_held_back_breaks_the_conservation_of_staleness()
        => Caught(s => s.Staleness_is_conserved_where_everybody_computes(), "(N - 1) x version", (rule, push, decision) =>
        {
            decision.Apply();
            if (rule.Workers == 1)
            {
                decision.Release(push.Worker);
            }
            else
            {
                rule.Swap(push.Worker, decision);
            }
        });

    private static void Caught(Action<Suite> fact, string expected, Action<WrongRule, Arrival, Decision> arrives)
    {
        var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => fact(new Suite(new() { Arrives = arrives })));
        Assert.Contains(expected, failure.Message);
    }

    private sealed class Suite(WrongRule rule) : ConsistencyContract
    {
        public override bool KeepsEverybodyComputing => true;

        public override IConsistency Create(int workers) => new WrongRule { Arrives = rule.Arrives, Leaves = rule.Leaves };
    }
}

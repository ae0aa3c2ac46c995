using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit.Sdk;

namespace Orchestrator.Rules.Tests.Suites;

/// <summary>
/// For each promise of the worker-rule suites a rule that breaks it, and the method that says so.
/// </summary>
public sealed class WrongWorkerRules
{
    [Fact]
    public void Taking_fewer_gradients_than_announced_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { Batches = 2 }).Run_TakesTheGradientsItAnnounces);

    [Fact]
    public void Remembering_in_the_instance_is_caught()
    {
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { Remembers = true }).Run_OnAnotherInstanceEachTime_ChangesNoBit);
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { Remembers = true }).Run_DoneAgain_GivesTheSameBits);
    }

    [Fact]
    public void Adding_to_what_the_push_held_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { Adds = true }).Run_OverwritesThePushAndTrustsNoScratch);

    [Fact]
    public void Trusting_scratch_to_be_zero_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { TrustsScratch = true }).Run_OverwritesThePushAndTrustsNoScratch);

    [Fact]
    public void A_payload_that_weighs_nothing_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { Bytes = 0 }).PayloadBytes_GrowWithTheParameters);

    [Fact]
    public void A_payload_that_saves_nothing_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { Bytes = 4_000_000 }).PayloadBytes_AreFewerThanTheGradients);

    [Fact]
    public void Allocation_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { Allocates = true }).Run_AllocatesNothing);

    [Fact]
    public void A_lost_residual_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { Halves = true }).Run_LosesNothing);

    [Fact]
    public void Pushing_nothing_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new Rule { Silent = true }).Run_PushesSomething);

    [Fact]
    public void The_rule_that_all_of_these_distort_passes()
    {
        var suite = new Suite(() => new Rule());
        suite.Run_TakesTheGradientsItAnnounces();
        suite.Run_OnAnotherInstanceEachTime_ChangesNoBit();
        suite.Run_DoneAgain_GivesTheSameBits();
        suite.Run_OverwritesThePushAndTrustsNoScratch();
        suite.PayloadBytes_GrowWithTheParameters();
        suite.Run_AllocatesNothing();
        suite.Run_LosesNothing();
        suite.Run_PushesSomething();
    }

    private sealed class Suite(Func<IWorkerRule> create) : ErrorFeedbackContract
    {
        protected override IWorkerRule Create() => create();
    }

    private sealed class Rule : IWorkerRule
    {
        private float memory;

        public int Batches { get; init; } = 1;

        public bool Remembers { get; init; }

        public bool Adds { get; init; }

        public bool TrustsScratch { get; init; }

        public bool Allocates { get; init; }

        public bool Halves { get; init; }

        public bool Silent { get; init; }

        public long? Bytes { get; init; }

        public int ScratchVectors => 1;

        public int StateLength(int parameters) => parameters;

        public long PayloadBytes(int parameters) => Bytes ?? 4L * parameters;

        public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
        {
            var held = push[0];
            gradients.Next(work.Sent, push);
            push[0] += (Remembers ? memory++ : 0) + (Adds ? held : 0) + (TrustsScratch ? work.Scratch[0] : 0);
            push[0] += Allocates ? push.ToArray().Length - push.Length : 0;
            for (var i = 0; i < push.Length; i++)
            {
                push[i] *= Silent ? 0 : Halves ? 0.5f : 1;
            }
        }
    }
}

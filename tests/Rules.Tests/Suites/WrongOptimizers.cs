using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit.Sdk;

namespace Orchestrator.Rules.Tests.Suites;

/// <summary>
/// For each promise of the optimizer suite an optimizer that breaks it, and the method that says
/// so.
/// </summary>
public sealed class WrongOptimizers
{
    [Fact]
    public void Counting_calls_instead_of_versions_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new CountsCalls()).Apply_TileByTile_ChangesNoBit);

    [Fact]
    public void A_norm_over_the_tile_is_caught()
    {
        Assert.ThrowsAny<XunitException>(new Suite(() => new ClipsTheTile()).Apply_TileByTile_ChangesNoBit);
        Assert.ThrowsAny<XunitException>(new Suite(() => new ClipsTheTile()).Apply_OnTwoServerShards_ChangesNoBit);
    }

    [Fact]
    public void State_outside_the_rule_state_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new ForgetsOnRestore()).State_SavedAndRestoredInMidRun_ChangesNoBit);

    [Fact]
    public void State_shared_between_instances_is_caught()
    {
        SharesState.Updates = 0;
        Assert.ThrowsAny<XunitException>(new Suite(() => new SharesState()).Instances_ShareNothing);
    }

    [Fact]
    public void A_pull_that_changes_state_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new CountsPulls()).Send_ChangesNothing);

    [Fact]
    public void Claiming_to_send_the_parameters_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new SendsSomethingElse()).Send_WhereParametersAreSent_SendsThem);

    [Fact]
    public void Undeclared_state_per_worker_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new HidesItsWorkers(false)).State_IsPerWorkerAsDeclared);

    [Fact]
    public void Declared_state_per_worker_that_does_not_exist_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new HidesItsWorkers(true)).State_IsPerWorkerAsDeclared);

    [Fact]
    public void Allocation_in_the_velocity_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new CopiesItsVelocity()).Apply_AllocatesNothing);

    [Fact]
    public void A_whole_velocity_for_a_tile_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new ShowsTooMuch()).Velocity_HasTheTilesLengthAndChangesNothing);

    [Fact]
    public void Allocation_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite(() => new Allocates()).Apply_AllocatesNothing);

    [Fact]
    public void Without_a_test_runner_the_suite_says_the_same()
    {
        var promises = RuleSuite.Of(() => new ClipsTheTile());
        var broken = promises.Where(promise => promise.Broken is not null).ToList();
        Assert.Equal(
            [nameof(OptimizerContract.Apply_OnTwoServerShards_ChangesNoBit), nameof(OptimizerContract.Apply_TileByTile_ChangesNoBit)],
            broken.Select(promise => promise.Name));
        Assert.All(broken, promise => Assert.Contains("element", promise.Broken, StringComparison.Ordinal));
        Assert.True(promises.Count > 8, $"{promises.Count} promises");
    }

    private sealed class Suite(Func<IOptimizer> create) : OptimizerContract
    {
        protected override IOptimizer Create() => create();
    }

    private abstract class Descent : IOptimizer
    {
        public virtual bool PerWorker => false;

        public virtual bool SendsParameters => true;

        protected RuleContext Context { get; private set; } = null!;

        public void Attach(RuleContext context) => Context = context;

        public virtual void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent) => parameters.CopyTo(sent);

        public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
        {
            var scale = Scale(update, gradient);
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i] -= (float)(scale * update.LearningRate) * gradient[i];
            }
        }

        public virtual ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => gradient;

        protected virtual double Scale(in Update update, ReadOnlySpan<float> gradient) => 1;
    }

    private sealed class CountsCalls : Descent
    {
        protected override double Scale(in Update update, ReadOnlySpan<float> gradient) => 1.0 / ++Context.State.Integers("calls", 1)[0];
    }

    private sealed class ClipsTheTile : Descent
    {
        protected override double Scale(in Update update, ReadOnlySpan<float> gradient)
        {
            var sum = 0.0;
            foreach (var element in gradient)
            {
                sum += element * element;
            }

            return 1 / (1 + sum);
        }
    }

    private sealed class ForgetsOnRestore : Descent
    {
        private double updates;

        protected override double Scale(in Update update, ReadOnlySpan<float> gradient) => 1 / (1 + (update.Offset == 0 ? updates++ : updates));
    }

    private sealed class SharesState : Descent
    {
        public static double Updates { get; set; }

        protected override double Scale(in Update update, ReadOnlySpan<float> gradient) => 1 / (1 + Updates++);
    }

    private sealed class CountsPulls : Descent
    {
        public override bool SendsParameters => false;

        public override void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
        {
            Context.State.Integers("pulls", 1)[0]++;
            parameters.CopyTo(sent);
        }
    }

    private sealed class SendsSomethingElse : Descent
    {
        public override void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
        {
            parameters.CopyTo(sent);
            sent[0] += 0.01f;
        }
    }

    private sealed class HidesItsWorkers(bool declares) : Descent
    {
        public override bool PerWorker => declares;

        protected override double Scale(in Update update, ReadOnlySpan<float> gradient) =>
            declares ? 1 : 1.0 / (1 + (Context.State.Integers("pushes", Context.Workers)[Math.Max(0, update.Worker)] += update.Offset == 0 ? 1 : 0));
    }

    private sealed class ShowsTooMuch : Descent
    {
        public override ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => Context.State.Vector("velocity").Span;
    }

    private sealed class CopiesItsVelocity : Descent
    {
        public override ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => gradient.ToArray();
    }

    private sealed class Allocates : Descent
    {
        protected override double Scale(in Update update, ReadOnlySpan<float> gradient) => gradient.ToArray().Length > 0 ? 1 : 0;
    }
}

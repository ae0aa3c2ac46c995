using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Rules.Tests.Identities;
using Orchestrator.Testing;
using Xunit.Sdk;

namespace Orchestrator.Rules.Tests.Suites;

/// <summary>
/// For each identity a rule that is nearly the right one, and the suite that tells them apart.
/// </summary>
public sealed class WrongIdentities
{
    private static readonly RuleSetup Slim = Compose.Sgd(4).With(() => new DanaSlim(new DanaSlimOptions())).At(0.02);

    [Fact]
    public void Dana_zero_without_gamma_in_its_look_ahead_is_not_nag_asgd() => AssertDiffer(Dana(1, ahead: 1), Compose.NagAsgd(1), 1e-6);

    [Fact]
    public void Dana_zero_that_looks_along_the_workers_own_velocity_is_not_dana_slim() =>
        AssertDiffer(Compose.Of(4, () => new MultiAsgd(new MultiAsgdOptions(LookAhead: LookAhead.Self))).At(0.02), Slim, 1e-6);

    [Fact]
    public void Dana_zero_that_adds_up_velocities_instead_of_their_changes_is_not_dana_slim() =>
        AssertDiffer(Dana(4, sumsVelocities: true).At(0.02), Slim, 1e-6);

    [Fact]
    public void Dana_zero_by_the_formula_is_dana_slim() => new Suite(Dana(4).At(0.02), Slim, 1e-6).Sent_IsTheSame();

    [Fact]
    public void Msnag_over_two_updates_is_not_nag_asgd() => AssertDiffer(Compose.Of(1, () => new Msnag(new MsnagOptions(Delay: 2))), Compose.NagAsgd(1), 1e-6);

    [Fact]
    public void Lwp_without_its_delay_is_not_the_weight_form() =>
        AssertDiffer(
            Compose.Of(4, () => new Lwp(new LwpOptions(Delay: 1))), Compose.Of(4, () => new Lwp(new LwpOptions(Form: PredictionForm.Weight))), 1e-6);

    [Fact]
    public void Dana_slim_that_pushes_its_velocity_is_not_dana_zero() =>
        AssertDiffer(Compose.Sgd(4).With(() => new PushesVelocity()).At(0.02), Compose.DanaZero(4).At(0.02), 1e-6);

    [Fact]
    public void Delay_compensation_of_a_small_lambda_is_not_none() =>
        AssertDiffer(Compose.Sgd(8, 0.9).With(() => new DelayCompensation(new DelayCompensationOptions(Lambda: 1e-3))), Compose.Sgd(8, 0.9), 0);

    [Fact]
    public void Gap_aware_from_theta_on_a_look_ahead_rule_is_not_none_with_one_worker() =>
        AssertDiffer(Compose.DanaZero(1).With(() => new GapAware(new GapAwareOptions())), Compose.DanaZero(1), 1e-6);

    private static void AssertDiffer(RuleSetup rule, RuleSetup equal, double tolerance) =>
        Assert.ThrowsAny<XunitException>(new Suite(rule, equal, tolerance).Sent_IsTheSame);

    private static RuleSetup Dana(int workers, float ahead = 0.9f, bool sumsVelocities = false) =>
        Compose.Of(workers, () => new WrittenOut(ahead, sumsVelocities));

    private sealed class Suite(RuleSetup rule, RuleSetup equal, double tolerance) : IdentityContract
    {
        protected override RuleSetup Rule => rule;

        protected override RuleSetup Equal => equal;

        protected override double Tolerance => tolerance;
    }

    private sealed class WrittenOut(float ahead, bool sumsVelocities) : IOptimizer
    {
        private RuleContext context = null!;

        public bool PerWorker => true;

        public bool SendsParameters => false;

        public void Attach(RuleContext given) => context = given;

        public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
        {
            var sum = context.State.Vector("sum").Slice(pull.Offset, sent.Length);
            for (var i = 0; i < sent.Length; i++)
            {
                sent[i] = parameters[i] - ((float)pull.LearningRate * ahead * sum[i]);
            }
        }

        public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
        {
            var v = context.State.PerWorker("velocity")[update.Worker].Slice(update.Offset, gradient.Length);
            var sum = context.State.Vector("sum").Slice(update.Offset, gradient.Length);
            for (var i = 0; i < v.Length; i++)
            {
                var next = (0.9f * v[i]) + gradient[i];
                sum[i] += sumsVelocities ? next : next - v[i];
                v[i] = next;
                parameters[i] -= (float)update.LearningRate * next;
            }
        }
    }

    private sealed class PushesVelocity : IWorkerRule
    {
        public int StateLength(int parameters) => parameters;

        public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
        {
            gradients.Next(work.Sent, push);
            for (var i = 0; i < push.Length; i++)
            {
                push[i] = work.State[i] = (0.9f * work.State[i]) + push[i];
            }
        }
    }
}

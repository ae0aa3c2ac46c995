using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Suites;

/// <summary>
/// Rules that do it their own way, but rightly: every method of their suite lets them pass.
/// </summary>
public sealed class RightRules
{
    [Fact]
    public void An_optimizer_that_clips_by_the_whole_norm_and_says_so_passes() => AssertPasses(new Optimizers(() => new ClipsByNorm()), skipsShards: true);

    [Fact]
    public void An_optimizer_that_steps_less_for_stale_updates_passes() => AssertPasses(new Optimizers(() => new WatchesStaleness()));

    [Fact]
    public void Delay_compensation_as_the_paper_prints_it_passes() => AssertPasses(new Corrections());

    private static void AssertPasses(object suite, bool skipsShards = false)
    {
        var facts = suite.GetType().GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null).ToList();
        Assert.NotEmpty(facts);
        foreach (var fact in facts.Where(fact => !(skipsShards && fact.Name.Contains("Shards", StringComparison.Ordinal))))
        {
            fact.Invoke(suite, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
    }

    private sealed class Optimizers(Func<IOptimizer> create) : OptimizerContract
    {
        protected override IOptimizer Create() => create();
    }

    private sealed class Corrections : CorrectionContract
    {
        protected override ICorrection Create() => new AsPrinted();
    }

    private sealed class ClipsByNorm : IOptimizer
    {
        public bool ElementWise => false;

        public void Attach(RuleContext context)
        {
        }

        public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
        {
            var sum = 0.0;
            foreach (var element in gradient)
            {
                sum += element * element;
            }

            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i] -= (float)(update.LearningRate / Math.Max(1, Math.Sqrt(sum))) * gradient[i];
            }
        }
    }

    private sealed class WatchesStaleness : IOptimizer
    {
        public void Attach(RuleContext context)
        {
        }

        public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i] -= (float)(update.LearningRate / (1 + update.Staleness)) * gradient[i];
            }
        }
    }

    private sealed class AsPrinted : ICorrection
    {
        public void Attach(RuleContext context)
        {
        }

        public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
        {
            for (var i = 0; i < gradient.Length; i++)
            {
                gradient[i] += 0.04f * gradient[i] * gradient[i] * (reference[i] - push.Sent[i]);
            }
        }
    }
}

using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Identities;

/// <summary>
/// The positive control of every comparison of rules: on the noisy quadratic with 8, 16 and 32
/// workers of homogeneous gamma times, which rules diverge and which do not (eta 0.02, gamma 0.9, T
/// = D = N, 4,000 updates; diverged = a parameter of 1e6 or more).
/// </summary>
public sealed class NoisyQuadraticTests
{
    private const int Updates = 4000;

    private static readonly Dictionary<string, RuleSetup> Rules = new()
    {
        ["heavy-ball"] = Compose.Sgd(1, 0.9),
        ["nag-asgd"] = Compose.NagAsgd(1),
        ["lwp"] = Compose.Of(1, () => new Lwp(new LwpOptions())),
        ["msnag"] = Compose.Of(1, () => new Msnag(new MsnagOptions())),
        ["multi-asgd"] = Compose.Of(1, () => new MultiAsgd(new MultiAsgdOptions())),
        ["dana-zero"] = Compose.DanaZero(1),
        ["dana-ga"] = Compose.DanaZero(1).With(() => new GapAware(new GapAwareOptions())),
        ["gap-aware"] = Compose.Sgd(1, 0.9).With(() => new GapAware(new GapAwareOptions())),
        ["staleness-aware"] = Compose.Sgd(1, 0.9).With(() => new StalenessAware()),
    };

    [Theory]
    [InlineData(8, new[] { "heavy-ball", "nag-asgd" })]
    [InlineData(16, new[] { "heavy-ball", "nag-asgd", "lwp", "msnag" })]
    public void Exactly_the_expected_rules_diverge(int workers, string[] expected)
    {
        foreach (var seed in Enumerable.Range(1, 3))
        {
            Assert.Equal(expected, Rules.Where(rule => Run(rule.Value, workers, seed).Largest >= 1e6).Select(rule => rule.Key));
        }
    }

    [Fact]
    public void Multi_asgd_with_sixteen_workers_is_lost_but_not_diverged()
    {
        var (largest, loss) = Run(Rules["multi-asgd"], 16, 1);
        Assert.InRange(largest, 1, 1e6);
        Assert.InRange(loss, 1e3, 1e12);
    }

    [Theory]
    [InlineData("dana-zero", 5e-3)]
    [InlineData("dana-ga", 3e-3)]
    [InlineData("gap-aware", 1.2e-2)]
    [InlineData("staleness-aware", 3e-2)]
    public void With_thirty_two_workers_rules_for_staleness_converge(string rule, double loss)
    {
        foreach (var seed in Enumerable.Range(1, 5))
        {
            Assert.InRange(Run(Rules[rule], 32, seed).Loss, 0, loss);
        }
    }

    private static (double Largest, double Loss) Run(RuleSetup rule, int workers, long seed)
    {
        var arrivals = Arrivals(workers, seed);
        using var harness = new RuleHarness(rule with { Workers = workers, Seed = seed, LearningRate = _ => 0.02, Arrivals = version => arrivals[version] });
        var largest = 0.0;
        for (var update = 0; update < Updates && largest < 1e6; update++)
        {
            harness.Run(1);
            foreach (var element in harness.Parameters)
            {
                largest = Math.Max(largest, float.IsFinite(element) ? Math.Abs(element) : double.PositiveInfinity);
            }
        }

        return (largest, harness.Problem.Loss(harness.Parameters));
    }

    // Who arrives when every gradient takes a gamma time of shape 100 (Ali et al. 2000) and pulls
    // are immediate.
    private static int[] Arrivals(int workers, long seed)
    {
        var stream = new RandomStreams(seed).Open("delay");
        var queue = new PriorityQueue<int, double>();
        for (var worker = 0; worker < workers; worker++)
        {
            queue.Enqueue(worker, 1.28 * Distributions.Gamma(stream, 100));
        }

        var arrivals = new int[Updates];
        foreach (ref var arrival in arrivals.AsSpan())
        {
            queue.TryDequeue(out arrival, out var now);
            queue.Enqueue(arrival, now + 1.28 * Distributions.Gamma(stream, 100));
        }

        return arrivals;
    }
}

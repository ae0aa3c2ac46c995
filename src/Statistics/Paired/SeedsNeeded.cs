using Orchestrator.Numerics;
using Orchestrator.Statistics.Distributions;

namespace Orchestrator.Statistics;

/// <summary>
/// How many seeds would tell: the smallest n at which the verdict's own rule has 80 % power. The rule is both a sign-flip p at the family's level and a
/// 95 % t interval that excludes 0. Up to n = 20 it is simulated (4,000 normal samples of a named stream); beyond, where the sign-flip test has the
/// power of the t test, it is computed from the noncentral t.
/// </summary>
/// <param name="family">Number of comparisons that share the 5 %.</param>
public sealed class SeedsNeeded(int family)
{
    /// <summary>No forecast goes beyond.</summary>
    public const int Largest = 100_000;

    private const int SimulatedUpTo = 20;
    private const int Samples = 4_000;

    private readonly double level = ComparisonTerms.Level / family;
    private readonly Dictionary<int, double> detectable = [];

    /// <summary>The fewest seeds at which any data could reach the family's level: 1 + ceil(log2(family / 0.05)), and at least 5.</summary>
    public int Fewest { get; } = Math.Max(ComparisonTerms.SmallestN, 1 + (int)Math.Ceiling(Math.Log2(family / ComparisonTerms.Level) - 1e-12));

    /// <summary>The smallest n with 80 % power for a true difference; null above <see cref="Largest"/>.</summary>
    /// <param name="difference">The true mean difference; its sign does not matter.</param>
    /// <param name="standardDeviation">Of the differences.</param>
    public int? For(double difference, double standardDeviation)
    {
        if (standardDeviation == 0)
        {
            return difference == 0 ? null : Fewest;
        }

        var effect = Math.Abs(difference) / standardDeviation;
        var n = Fewest;
        while (n <= SimulatedUpTo && Detectable(n) > effect)
        {
            // A t test of the same level is a good guess; never jump past the n that is wanted.
            n = Math.Max(n + 1, Math.Min(SimulatedUpTo + 1, ByT(effect, n) - 2));
        }

        return n <= SimulatedUpTo ? n : ByT(effect, SimulatedUpTo + 1) is var needed && needed <= Largest ? needed : null;
    }

    /// <summary>The effect, difference over standard deviation, that <paramref name="n"/> seeds find with 80 % power.</summary>
    internal double Detectable(int n)
    {
        if (!detectable.TryGetValue(n, out var effect))
        {
            detectable[n] = effect = Simulate(n);
        }

        return effect;
    }

    // The smallest n from the given one at which the t test has the power.
    private int ByT(double effect, int from)
    {
        bool Suffices(int n) => NoncentralT.Power(effect, n, level) >= ComparisonTerms.Power;

        var (low, high) = (from - 1, from);
        while (!Suffices(high))
        {
            (low, high) = (high, high * 2);
            if (high > 2 * Largest)
            {
                return high;
            }
        }

        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Suffices(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    // A sample that the rule rejects at one effect it rejects at every larger one. So the samples that a step of the bisection settles need no second look.
    private double Simulate(int n)
    {
        var undecided = Draw(n);
        var wanted = (int)(ComparisonTerms.Power * Samples);
        var (low, high) = (0.0, 16.0);
        while (undecided.Count > 0 && high - low > 1e-4)
        {
            var middle = (low + high) / 2;
            var byFound = undecided.ToLookup(s => s.FirstFound <= middle && Rejects(s.Values, middle));
            var found = byFound[true].Count();
            if (found >= wanted)
            {
                (undecided, high) = ([.. byFound[true]], middle);
            }
            else
            {
                (undecided, low) = ([.. byFound[false]], middle);
                wanted -= found;
            }
        }

        return high;
    }

    private static List<Sample> Draw(int n)
    {
        var stream = new RandomStreams(0).Open("statistics/seeds-needed", n);
        var critical = StudentT.Upper(0.025, n - 1);
        var samples = new List<Sample>(Samples);
        for (var i = 0; i < Samples; i++)
        {
            var values = new double[n];
            MathNet.Numerics.Distributions.Normal.Samples(stream, values, 0, 1);
            var moments = Moments.Of(values);
            samples.Add(new(values, (critical * moments.StandardError) - moments.Mean));
        }

        return samples;
    }

    private bool Rejects(double[] values, double effect)
    {
        Span<double> shifted = stackalloc double[SimulatedUpTo];
        for (var i = 0; i < values.Length; i++)
        {
            shifted[i] = values[i] + effect;
        }

        return SignFlip.P(shifted[..values.Length]) <= level;
    }

    // FirstFound: the effect from which on the t interval excludes 0.
    private sealed record Sample(double[] Values, double FirstFound);
}

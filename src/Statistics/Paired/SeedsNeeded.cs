using System.Collections.Concurrent;
using MathNet.Numerics.RootFinding;
using Orchestrator.Numerics;
using Orchestrator.Statistics.Distributions;

namespace Orchestrator.Statistics;

/// <summary>
/// How many seeds would tell: the smallest n at which the verdict's own rule has 80 % power. The
/// rule is both a sign-flip p at the family's level and a 95 % t interval that excludes 0. Up to n
/// = 20 it is simulated (4,000 normal samples of a named stream); beyond, where the sign-flip test
/// has the power of the t test, it is computed from the noncentral t.
/// </summary>
/// <param name="family">Number of comparisons that share the 5 %.</param>
public sealed class SeedsNeeded(int family)
{
    /// <summary>No forecast goes beyond.</summary>
    public const int Largest = 100_000;

    private const int SimulatedUpTo = 20;
    private const int Samples = 4_000;
    private const double LargestEffect = 100;

    // What was simulated once is kept for the process: the same numbers come out every time.
    private static readonly ConcurrentDictionary<(int Family, int N), double> Simulated = [];
    private static readonly ConcurrentDictionary<(int Family, int N), double> Computed = [];

    private readonly double level = ComparisonTerms.Level / family;

    /// <summary>
    /// The fewest seeds at which any data could reach the family's level: 1 + ceil(log2(family /
    /// 0.05)), and at least 5.
    /// </summary>
    public int Fewest { get; } = Math.Max(ComparisonTerms.SmallestN, 1 + (int)Math.Ceiling(Math.Log2(family / ComparisonTerms.Level) - 1e-12));

    /// <summary>
    /// The smallest n with 80 % power for a true difference; null above <see cref="Largest"/>.
    /// </summary>
    /// <param name="difference">The true mean difference; its sign does not matter.</param>
    /// <param name="standardDeviation">Of the differences.</param>
    public int? For(double difference, double standardDeviation)
    {
        if (standardDeviation == 0)
        {
            return difference == 0 ? null : Fewest;
        }

        var effect = Math.Abs(difference) / standardDeviation;
        var n = ByT(effect);
        if (n > SimulatedUpTo)
        {
            return n <= Largest ? n : null;
        }

        // A t test of the same level has a little more power: nothing below its n comes into
        // question.
        while (n <= SimulatedUpTo && Detectable(n) > effect)
        {
            n++;
        }

        return n;
    }

    /// <summary>
    /// The effect, difference over standard deviation, that <paramref name="n"/> seeds find with 80
    /// % power.
    /// </summary>
    internal double Detectable(int n) => Simulated.GetOrAdd((family, n), _ => Simulate(n));

    // The smallest n, from the fewest on, at which the t test has the power.
    private int ByT(double effect)
    {
        bool Suffices(int n) => DetectableByT(n) <= effect;

        var (low, high) = (Fewest - 1, Fewest);
        while (!Suffices(high) && high <= Largest)
        {
            (low, high) = (high, high * 2);
        }

        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Suffices(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    private double DetectableByT(int n) => Computed.GetOrAdd(
        (family, n), _ => Brent.FindRoot(effect => NoncentralT.Power(effect, n, level) - ComparisonTerms.Power, 1e-4, LargestEffect, 1e-9, 200));

    // A sample that the rule rejects at one effect it rejects at every larger one. So the samples
    // that a step of the bisection settles need no second look.
    private double Simulate(int n)
    {
        var undecided = Draw(n);
        var wanted = (int)(ComparisonTerms.Power * Samples);
        var (low, high) = (0.0, LargestEffect);
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

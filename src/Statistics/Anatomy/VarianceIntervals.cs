using Orchestrator.Numerics;

namespace Orchestrator.Statistics;

/// <summary>
/// Intervals of variance components by a parametric bootstrap that is turned round: the values of a
/// component under which the estimate seen is neither among the smallest nor the largest 2.5 % of
/// simulated ones, the other components being as estimated. Effects are normal. With so few levels
/// as eight a percentile bootstrap would be far too short above.
/// </summary>
internal static class VarianceIntervals
{
    public const int Draws = 1000;

    private const double Tail = 0.025;

    /// <summary>One interval per wanted set, then one of the rest.</summary>
    public static Interval[] Of(FactorDesign design, IReadOnlyList<int> sets, double[] components)
    {
        var deviations = components.SkipLast(1).Select(c => Math.Sqrt(Math.Max(0, c))).ToArray();
        var scale = Math.Sqrt(Math.Max(components[^1], double.Epsilon));
        var curves = Enumerable.Range(0, deviations.Length).Select(_ => new Quadratic[Draws]).ToArray();
        for (var draw = 0; draw < Draws; draw++)
        {
            var effects = Effects(design, sets, new RandomStreams(0).Open("statistics/anatomy", draw));
            for (var i = 0; i < deviations.Length; i++)
            {
                curves[i][draw] = Curve(design, sets, effects, deviations, i, scale);
            }
        }

        return [.. curves.Select((c, i) => Invert(c, components[i], scale))];
    }

    // Standard normal effects of every component, spread over the runs.
    private static double[][] Effects(FactorDesign design, IReadOnlyList<int> sets, RandomStream stream)
    {
        var runs = design.GroupOf(0).Length;
        var effects = new double[sets.Count + 1][];
        for (var i = 0; i <= sets.Count; i++)
        {
            var levels = new double[i < sets.Count ? design.Groups(sets[i]) : runs];
            MathNet.Numerics.Distributions.Normal.Samples(stream, levels, 0, 1);
            effects[i] = i < sets.Count ? [.. design.GroupOf(sets[i]).ToArray().Select(g => levels[g])] : levels;
        }

        return effects;
    }

    // The estimate of a component is a quadratic in the deviation that its effects are given: three
    // evaluations tell it.
    private static Quadratic Curve(FactorDesign design, IReadOnlyList<int> sets, double[][] effects, double[] deviations, int component, double scale)
    {
        var values = new double[effects[0].Length];
        double At(double deviation)
        {
            Array.Clear(values);
            for (var i = 0; i < effects.Length; i++)
            {
                var weight = i == component ? deviation : deviations[i];
                for (var run = 0; run < values.Length; run++)
                {
                    values[run] += weight * effects[i][run];
                }
            }

            return design.Components(values, sets)[component];
        }

        var (zero, one, two) = (At(0), At(scale), At(2 * scale));
        var square = (two - (2 * one) + zero) / 2;
        return new(zero, one - zero - square, square);
    }

    private static Interval Invert(Quadratic[] curves, double seen, double scale)
    {
        double Below(double x) => curves.Count(c => c.At(x) <= seen) / (double)curves.Length;

        double Above(double x) => curves.Count(c => c.At(x) >= seen) / (double)curves.Length;

        var low = Above(0) >= Tail ? 0 : Edge(x => Above(x) >= Tail);
        var high = Below(0) < Tail ? 0 : Edge(x => Below(x) < Tail);
        return new(low * low * scale * scale, Math.Max(low, high) * Math.Max(low, high) * scale * scale);
    }

    // The smallest deviation, in units of the scale, from which on the condition holds.
    private static double Edge(Func<double, bool> holds)
    {
        var (low, high) = (0.0, 1.0);
        while (!holds(high) && high < 1e6)
        {
            high *= 2;
        }

        for (var step = 0; step < 50; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    // In units of the scale.
    private readonly record struct Quadratic(double Constant, double Slope, double Square)
    {
        public double At(double x) => Constant + (Slope * x) + (Square * x * x);
    }
}

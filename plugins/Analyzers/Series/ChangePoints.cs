using MathNet.Numerics.LinearAlgebra;
using Orchestrator.Numerics;

namespace Orchestrator.Analyzers;

/// <summary>A step in a series.</summary>
/// <param name="Index">The first element behind it.</param>
/// <param name="Jump">By how much the series is higher behind it than the trend before it says.</param>
/// <param name="Strength">The step over its standard error.</param>
/// <param name="ControlStrength">The largest strength that series with the same noise and no step
/// reach.</param>
internal sealed record ChangePoint(int Index, double Jump, double Strength, double ControlStrength)
{
    // A series that wanders is made of small steps; what stands out of it must be clearly larger.
    private const double Margin = 1.5;

    /// <summary>Whether series without a step do not come near it.</summary>
    public bool Holds => Margin * ControlStrength < Strength;
}

/// <summary>
/// Finds steps in a series that may have a trend. Around each place, within a window of w elements
/// on either side, it fits
/// <code>
/// y = a + b x + c x² + d [x behind the place],  strength = |d| / se(d)
/// </code>
/// by least squares; the noise in se(d) is the larger of that fit's own and of the whole series'
/// (median absolute difference of neighbours). The strongest place above the threshold is a step, as
/// are the next ones at least w away. Control: series with the same trend, the same noise and the
/// same correlation of neighbours (a first-order autoregression), but no step.
/// </summary>
internal static class ChangePoints
{
    /// <summary>Fewer elements show no step.</summary>
    public const int Fewest = 24;

    private const int Most = 5;
    private const int Coarsest = 8;
    private const int Surrogates = 19;
    private const int LargestWindow = 24;

    // The median absolute deviation of a normal distribution, inverted.
    private const double MadToSigma = 1.4826;

    /// <summary>The steps, in order.</summary>
    /// <param name="y">Finite numbers.</param>
    /// <param name="threshold">Least strength.</param>
    /// <param name="smallest">Least size of a step.</param>
    public static IReadOnlyList<ChangePoint> Find(ReadOnlySpan<double> y, double threshold, double smallest)
    {
        // The finest first, which says best where a step is; what noise hides there, means of
        // neighbours show.
        var found = new List<ChangePoint>();
        var (level, scale) = (y.ToArray(), 1);
        for (; level.Length >= Fewest && scale <= Coarsest; scale *= 2)
        {
            foreach (var step in AtScale(level, threshold, smallest))
            {
                var at = step with { Index = step.Index * scale };
                if (!found.Exists(other => Math.Abs(other.Index - at.Index) < scale * LargestWindow))
                {
                    found.Add(at);
                }
            }

            level = [.. level.Chunk(2).Where(pair => pair.Length == 2).Select(pair => (pair[0] + pair[1]) / 2)];
        }

        return [.. found.OrderBy(step => step.Index)];
    }

    private static IReadOnlyList<ChangePoint> AtScale(ReadOnlySpan<double> y, double threshold, double smallest)
    {
        if (y.Length < Fewest)
        {
            return [];
        }

        var window = new StepWindow(Math.Clamp(y.Length / 6, 4, LargestWindow));
        var found = Steps(y, window, threshold, smallest);
        if (found.Count == 0)
        {
            return [];
        }

        var control = Control(y, window, found);
        return [.. found.OrderBy(step => step.Index).Select(step => new ChangePoint(step.Index, step.Jump, step.Strength, control))];
    }

    private static List<(int Index, double Jump, double Strength)> Steps(ReadOnlySpan<double> y, StepWindow window, double threshold, double smallest)
    {
        var noise = Noise(y);
        var steps = new List<(int Index, double Jump, double Strength)>();
        for (var at = window.Side; at <= y.Length - window.Side; at++)
        {
            var (jump, strength) = window.Step(y.Slice(at - window.Side, 2 * window.Side), noise);
            if (strength >= threshold && Math.Abs(jump) >= smallest)
            {
                steps.Add((at, jump, strength));
            }
        }

        var kept = new List<(int Index, double Jump, double Strength)>();
        foreach (var step in steps.OrderByDescending(step => step.Strength).ThenBy(step => step.Index))
        {
            if (kept.Count < Most && kept.TrueForAll(other => Math.Abs(other.Index - step.Index) >= window.Side))
            {
                kept.Add(step);
            }
        }

        return kept;
    }

    private static double Noise(ReadOnlySpan<double> y)
    {
        var differences = new double[y.Length - 1];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = Math.Abs(y[i + 1] - y[i]);
        }

        Array.Sort(differences);
        return MadToSigma * differences[differences.Length / 2] / Math.Sqrt(2);
    }

    private static double Control(ReadOnlySpan<double> y, StepWindow window, List<(int Index, double Jump, double Strength)> steps)
    {
        // A step that takes a few elements, one for each worker, is larger than a fit with one at a
        // single place says, and what is around it is neither trend nor noise.
        var (level, isStep, gap) = (y.ToArray(), new bool[y.Length], window.Side / 3);
        foreach (var (index, _, _) in steps.OrderBy(step => step.Index))
        {
            var jump = Across(level, index, gap, window.Side);
            for (var i = index; i < level.Length; i++)
            {
                level[i] -= jump;
            }

            isStep.AsSpan(index - gap, 2 * gap).Fill(true);
        }

        var trend = MovingMeans(level, isStep, window.Side / 2);
        var (squares, products, count) = (0.0, 0.0, 0);
        for (var i = 0; i < level.Length; i++)
        {
            if (!isStep[i])
            {
                count++;
                squares += (level[i] - trend[i]) * (level[i] - trend[i]);
                products += i == 0 || isStep[i - 1] ? 0 : (level[i] - trend[i]) * (level[i - 1] - trend[i - 1]);
            }
        }

        var correlation = squares > 0 ? Math.Clamp(products / squares, 0, 0.99) : 0;
        var shock = Math.Sqrt(squares / Math.Max(1, count) * (1 - (correlation * correlation)));
        var random = new RandomStreams(1).Open("change-point-control");
        var (largest, surrogate) = (0.0, new double[level.Length]);
        for (var n = 0; n < Surrogates; n++)
        {
            var noise = 0.0;
            for (var i = 0; i < surrogate.Length; i++)
            {
                noise = (correlation * noise) + (shock * Normal(random));
                surrogate[i] = trend[i] + noise;
            }

            largest = Steps(surrogate, window, 0, 0).Select(step => step.Strength).DefaultIfEmpty(0).Max() is var strength && strength > largest ? strength : largest;
        }

        return largest;
    }

    // The step of y = a + b x + c x² + d [x behind the place] without the elements next to it.
    private static double Across(double[] y, int index, int gap, int side)
    {
        int[] places = [.. Enumerable.Range(index - gap - side, 2 * (gap + side)).Where(i => i >= 0 && i < y.Length && (i < index - gap || i >= index + gap))];
        var rows = Matrix<double>.Build.DenseOfRowArrays(places.Select(i => (double[])[1, (double)(i - index) / side, Math.Pow((double)(i - index) / side, 2), i < index ? 0 : 1]).ToArray());
        return rows.QR().Solve(Vector<double>.Build.DenseOfEnumerable(places.Select(i => y[i])))[3];
    }

    private static double[] MovingMeans(double[] y, bool[] isLeftOut, int side)
    {
        var means = new double[y.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var (from, to) = (Math.Max(0, i - side), Math.Min(y.Length, i + side + 1));
            means[i] = Enumerable.Range(from, to - from).Where(j => !isLeftOut[j]).Select(j => y[j]).DefaultIfEmpty(y[i]).Average();
        }

        return means;
    }

    // Box and Muller.
    private static double Normal(RandomStream random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

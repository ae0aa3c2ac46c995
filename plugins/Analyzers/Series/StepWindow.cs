namespace Orchestrator.Analyzers;

/// <summary>
/// Least squares of a constant, a line, a parabola and a step in the middle, for windows of one
/// width: the orthonormal basis is made once.
/// </summary>
internal sealed class StepWindow
{
    private readonly double[][] basis;
    private readonly double stepLength;

    /// <param name="side">Elements on either side of the step, at least 4.</param>
    public StepWindow(int side)
    {
        Side = side;
        var columns = new[] { Column(_ => 1), Column(x => x), Column(x => x * x), Column(x => x > 0 ? 1 : 0) };
        stepLength = Orthonormalize(columns);
        basis = columns;
    }

    public int Side { get; }

    /// <summary>The step in the middle of a window, and its size over its standard error.</summary>
    /// <param name="y">The window.</param>
    /// <param name="noise">The least standard deviation of an element.</param>
    public (double Jump, double Strength) Step(ReadOnlySpan<double> y, double noise)
    {
        Span<double> coefficients = stackalloc double[basis.Length];
        for (var b = 0; b < basis.Length; b++)
        {
            for (var i = 0; i < y.Length; i++)
            {
                coefficients[b] += basis[b][i] * y[i];
            }
        }

        // Of the residuals themselves: a difference of sums of squares would lose them in a series
        // that is far from zero.
        var (rest, scale) = (0.0, 0.0);
        for (var i = 0; i < y.Length; i++)
        {
            var fitted = 0.0;
            for (var b = 0; b < basis.Length; b++)
            {
                fitted += coefficients[b] * basis[b][i];
            }

            rest += (y[i] - fitted) * (y[i] - fitted);
            scale = Math.Max(scale, Math.Abs(y[i]));
        }

        var own = Math.Sqrt(rest / (y.Length - basis.Length));
        var sigma = Math.Max(Math.Max(own, noise), 1e-9 * Math.Max(scale, 1e-300));
        return (coefficients[^1] / stepLength, Math.Abs(coefficients[^1]) / sigma);
    }

    private double[] Column(Func<double, double> of) => [.. Enumerable.Range(0, 2 * Side).Select(i => of((i + 0.5 - Side) / Side))];

    // Gram and Schmidt, twice for accuracy; returns what is left of the last column's length.
    private static double Orthonormalize(double[][] columns)
    {
        var length = 0.0;
        for (var c = 0; c < columns.Length; c++)
        {
            for (var pass = 0; pass < 2; pass++)
            {
                for (var b = 0; b < c; b++)
                {
                    var along = columns[b].Zip(columns[c], (p, q) => p * q).Sum();
                    columns[c] = [.. columns[c].Zip(columns[b], (p, q) => p - (along * q))];
                }
            }

            length = Math.Sqrt(columns[c].Sum(value => value * value));
            columns[c] = [.. columns[c].Select(value => value / length)];
        }

        return length;
    }
}

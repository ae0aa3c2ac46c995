using MathNet.Numerics.LinearAlgebra;

namespace Orchestrator.Statistics.Planes;

/// <summary>
/// The plane through the mean of points in which they vary most: the first two principal
/// components, from the eigenvectors of the points' Gram matrix, for points are few and long.
/// </summary>
/// <param name="Mean">The points' mean.</param>
/// <param name="First">Unit vector along which they vary most.</param>
/// <param name="Second">Unit vector, orthogonal to the first.</param>
/// <param name="Explained">The share of all variance along each, 0 to 1.</param>
/// <param name="Coordinates">Of each point.</param>
public sealed record PrincipalPlane(double[] Mean, float[] First, float[] Second, (double First, double Second) Explained, IReadOnlyList<(double X, double Y)> Coordinates)
{
    // Of the largest eigenvalue: what is below it is rounding.
    private const double Least = 1e-12;

    /// <summary>The plane; null where the points lie on a line.</summary>
    /// <param name="points">At least three, equally long.</param>
    public static PrincipalPlane? Of(IReadOnlyList<float[]> points)
    {
        var (count, length) = (points.Count, points[0].Length);
        var mean = new double[length];
        foreach (var point in points)
        {
            for (var i = 0; i < length; i++)
            {
                mean[i] += (double)point[i] / count;
            }
        }

        // Each element by one thread, summed in order: no number of threads changes a bit.
        var gram = Matrix<double>.Build.Dense(count, count);
        Parallel.For(0, count, a =>
        {
            for (var b = 0; b <= a; b++)
            {
                var (one, other, sum) = (points[a], points[b], 0.0);
                for (var i = 0; i < length; i++)
                {
                    sum += (one[i] - mean[i]) * (other[i] - mean[i]);
                }

                gram[a, b] = sum;
            }
        });
        for (var a = 0; a < count; a++)
        {
            for (var b = a + 1; b < count; b++)
            {
                gram[a, b] = gram[b, a];
            }
        }

        var parts = gram.Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(i => parts.EigenValues[i].Real)];
        var (largest, second) = (parts.EigenValues[order[0]].Real, parts.EigenValues[order[1]].Real);
        if (!(largest > 0) || second <= Least * largest)
        {
            return null;
        }

        var total = Enumerable.Range(0, count).Sum(i => gram[i, i]);
        var (x, y) = (Along(parts.EigenVectors.Column(order[0]), largest), Along(parts.EigenVectors.Column(order[1]), second));
        return new(mean, Direction(points, mean, x, largest), Direction(points, mean, y, second), (largest / total, second / total), [.. x.Zip(y)]);
    }

    // An eigenvector has either sign: here the last point's coordinate is not negative.
    private static double[] Along(Vector<double> vector, double value)
    {
        var scale = (vector[^1] < 0 ? -1 : 1) * Math.Sqrt(value);
        return [.. vector.Select(element => element * scale)];
    }

    private static float[] Direction(IReadOnlyList<float[]> points, double[] mean, double[] coordinates, double value)
    {
        var direction = new float[mean.Length];
        for (var i = 0; i < direction.Length; i++)
        {
            var sum = 0.0;
            for (var point = 0; point < points.Count; point++)
            {
                sum += coordinates[point] * (points[point][i] - mean[i]);
            }

            direction[i] = (float)(sum / value);
        }

        return direction;
    }
}

namespace Orchestrator.Numerics;

/// <summary>
/// Random numbers of the usual distributions, made of a stream's uniform numbers with
/// <see cref="Elementary"/> functions and square roots only: the same bits on every system. The
/// samplers of general libraries call the C library's logarithm, whose last bits differ between
/// systems.
/// </summary>
public static class Distributions
{
    /// <summary>
    /// A normal number, by the polar method (Marsaglia and Bray: A convenient method for generating
    /// normal variables, 1964). The second number of each pair is dropped, so that nothing is kept
    /// between calls.
    /// </summary>
    /// <param name="random">Two numbers are taken from it for each trial, 2.5 on average.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="standardDeviation">The standard deviation, at least 0.</param>
    public static double Normal(Random random, double mean, double standardDeviation)
    {
        double u, s;
        do
        {
            u = (2 * random.NextDouble()) - 1;
            var v = (2 * random.NextDouble()) - 1;
            s = (u * u) + (v * v);
        }
        while (s is >= 1 or 0);

        return mean + (standardDeviation * (u * Math.Sqrt(-2 * Elementary.Log(s) / s)));
    }

    /// <summary>An exponential number, by inversion.</summary>
    /// <param name="random">One number is taken from it; another for each that is 0.</param>
    /// <param name="mean">The mean, at least 0.</param>
    public static double Exponential(Random random, double mean)
    {
        double u;
        do
        {
            u = random.NextDouble();
        }
        while (u == 0);

        return mean * -Elementary.Log(u);
    }

    /// <summary>
    /// A gamma number of scale 1, by rejection from the cube of a normal one; below a shape of 1 a
    /// draw of one more, times a power of a uniform number (Marsaglia and Tsang: A simple method
    /// for generating gamma variables, 2000).
    /// </summary>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="shape">The shape, above 0; it is the mean and the variance.</param>
    public static double Gamma(Random random, double shape)
    {
        var factor = shape < 1 ? PowerOfUniform(random.NextDouble(), 1 / shape) : 1;
        var d = (shape < 1 ? shape + 1 : shape) - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x, v;
            do
            {
                x = Normal(random, 0, 1);
                v = 1 + (c * x);
            }
            while (v <= 0);

            v = v * v * v;
            var (u, square) = (random.NextDouble(), x * x);

            // The first bound spares most logarithms.
            if (u < 1 - (0.0331 * square * square) || Elementary.Log(u) < (0.5 * square) + (d * (1 - v + Elementary.Log(v))))
            {
                return factor * d * v;
            }
        }
    }

    private static double PowerOfUniform(double u, double exponent) => u == 0 ? 0 : Elementary.Power(u, exponent);
}

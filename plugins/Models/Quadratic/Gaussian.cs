namespace Orchestrator.Models;

/// <summary>
/// Standard normal numbers by the polar method (Marsaglia and Bray: A convenient method for
/// generating normal variables, 1964), with our own logarithm, so that the bits do not depend on
/// the operating system's library. The second number of each pair is dropped: no state is kept
/// between calls.
/// </summary>
internal static class Gaussian
{
    public static double Next(Random random)
    {
        double u, s;
        do
        {
            u = (2 * random.NextDouble()) - 1;
            var v = (2 * random.NextDouble()) - 1;
            s = (u * u) + (v * v);
        }
        while (s is >= 1 or < 1e-30);

        return u * Math.Sqrt(-2 * LaneMath<Lanes1>.Log(Lanes1.Create((float)s)).Value / s);
    }
}

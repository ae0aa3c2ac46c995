using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;
using MathNet.Numerics.RootFinding;

namespace Orchestrator.Statistics.Distributions;

/// <summary>
/// Range of k independent standard normals: the studentized range with infinite degrees of freedom.
/// </summary>
internal static class StudentizedRange
{
    private const double Reach = 9;
    private const int Panels = 64;
    private const int Order = 20;

    /// <summary>
    /// P(range &lt;= q): k times the integral over the largest value z of density(z) (P(z - q &lt;
    /// Z &lt; z))^(k - 1).
    /// </summary>
    public static double Cumulative(double q, int k)
    {
        var step = 2 * Reach / Panels;
        double sum = 0;
        for (var panel = 0; panel < Panels; panel++)
        {
            var from = -Reach + (panel * step);
            sum += GaussLegendreRule.Integrate(
                z => Normal.PDF(0, 1, z) * Math.Pow(Normal.CDF(0, 1, z) - Normal.CDF(0, 1, z - q), k - 1), from, from + step, Order);
        }

        return k * sum;
    }

    /// <summary>The q that the range exceeds with a chance of <paramref name="tail"/>.</summary>
    public static double Upper(double tail, int k) => Brent.FindRoot(q => 1 - tail - Cumulative(q, k), 1e-6, 40, 1e-13, 200);
}

using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace Orchestrator.Statistics.Distributions;

/// <summary>
/// Expectations over s / sigma, the ratio of a sample's standard deviation to the true one:
/// sqrt(chi-squared / freedom).
/// </summary>
internal static class Chi
{
    private const int Panels = 48;
    private const int Order = 20;

    /// <summary>
    /// The mean of a bounded smooth function of s / sigma, by composite Gauss-Legendre quadrature
    /// over all but 1e-17 of its distribution.
    /// </summary>
    public static double Expect(double freedom, Func<double, double> function)
    {
        // ln of the density at s: constant + (freedom - 1) ln s - freedom s^2 / 2.
        var constant = Math.Log(2) + (freedom / 2 * Math.Log(freedom / 2)) - SpecialFunctions.GammaLn(freedom / 2);
        var width = 12 / Math.Sqrt(2 * freedom);
        var low = Math.Max(0, 1 - width);
        var high = 1 + width;
        var step = (high - low) / Panels;
        double sum = 0;
        for (var panel = 0; panel < Panels; panel++)
        {
            var from = low + (panel * step);
            sum += GaussLegendreRule.Integrate(
                s => function(s) * Math.Exp(constant + ((freedom - 1) * Math.Log(s)) - (freedom * s * s / 2)), from, from + step, Order);
        }

        return sum;
    }
}

using MathNet.Numerics.Distributions;

namespace Orchestrator.Statistics.Distributions;

/// <summary>
/// The noncentral t distribution, T = (Z + shift) / s with Z standard normal and s =
/// sqrt(chi-squared / freedom); the mean over s of the normal's tail.
/// </summary>
internal static class NoncentralT
{
    /// <summary>P(T &gt; t).</summary>
    public static double Upper(double t, double freedom, double shift) => Chi.Expect(freedom, s => Normal.CDF(0, 1, shift - (t * s)));

    /// <summary>
    /// Power of the two-sided one-sample t test: P(|T| &gt; critical value), with the shift effect
    /// sqrt(n).
    /// </summary>
    /// <param name="effect">True mean over true standard deviation.</param>
    /// <param name="n">Sample size, at least 2.</param>
    /// <param name="level">Level of the test, such as 0.05.</param>
    public static double Power(double effect, int n, double level)
    {
        var critical = StudentT.Upper(level / 2, n - 1);
        var shift = effect * Math.Sqrt(n);
        return Upper(critical, n - 1, shift) + Upper(critical, n - 1, -shift);
    }
}

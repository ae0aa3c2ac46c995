using System.Collections.Concurrent;

namespace Orchestrator.Statistics.Distributions;

/// <summary>
/// Student's t distribution, through the regularised incomplete beta function of MathNet.
/// </summary>
internal static class StudentT
{
    // A table asks for the same few over and over.
    private static readonly ConcurrentDictionary<(double Tail, double Freedom), double> Quantiles = [];

    /// <summary>P(|T| &gt; |t|): the two-sided p of a t statistic.</summary>
    /// <param name="t">The statistic; infinite gives 0.</param>
    /// <param name="freedom">Degrees of freedom, above 0.</param>
    public static double TwoSided(double t, double freedom) =>
        double.IsInfinity(t) ? 0 : MathNet.Numerics.SpecialFunctions.BetaRegularized(freedom / 2, 0.5, freedom / (freedom + (t * t)));

    /// <summary>
    /// The t above which a share of <paramref name="tail"/> lies, 0 &lt; tail &lt; 1/2.
    /// </summary>
    public static double Upper(double tail, double freedom) => Quantiles.GetOrAdd((tail, freedom), q => Find(q.Tail, q.Freedom));

    private static double Find(double tail, double freedom)
    {
        // MathNet's own inverse stops early; a few steps of Newton on the tail make it exact to
        // rounding.
        var t = MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, freedom, 1 - tail);
        for (var step = 0; step < 4; step++)
        {
            var error = (TwoSided(t, freedom) / 2) - tail;
            t += error / MathNet.Numerics.Distributions.StudentT.PDF(0, 1, freedom, t);
        }

        return t;
    }
}

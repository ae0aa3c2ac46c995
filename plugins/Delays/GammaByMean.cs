using Orchestrator.Numerics;

namespace Orchestrator.Delays;

/// <summary>A gamma distribution told by mean and coefficient of variation.</summary>
internal static class GammaByMean
{
    /// <summary>A draw; the mean itself where the coefficient is 0 or too small to tell.</summary>
    public static double Sample(Random random, double mean, double coefficient)
    {
        var variance = coefficient * coefficient;
        if (mean <= 0 || variance < 1e-18)
        {
            return mean;
        }

        // Drawn at scale 1 and stretched: a rate of 1 / (variance x mean) would overflow for tiny
        // means.
        return variance * mean * Distributions.Gamma(random, 1 / variance);
    }
}

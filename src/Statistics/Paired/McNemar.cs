using MathNet.Numerics.Distributions;

namespace Orchestrator.Statistics;

/// <summary>
/// McNemar's exact test: on the seeds where one variant converged and the other did not, is either
/// the more frequent?
/// </summary>
public static class McNemar
{
    /// <summary>
    /// The two-sided p of <paramref name="onlyA"/> against <paramref name="onlyB"/> discordant
    /// seeds; 1 without any.
    /// </summary>
    public static double P(int onlyA, int onlyB) =>
        onlyA == onlyB ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, onlyA + onlyB, Math.Min(onlyA, onlyB)));
}

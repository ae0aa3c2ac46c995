namespace Orchestrator.Statistics;

/// <summary>
/// The share of runs that reach a score, as a function of the score (Agarwal et al. 2021); a run
/// that did not converge reaches none.
/// </summary>
public static class PerformanceProfile
{
    /// <summary>
    /// Of each threshold, the mean over environments of the share of runs that are at least as
    /// good.
    /// </summary>
    /// <param name="environments">Of each environment, the runs of one variant; at least
    /// one.</param>
    /// <param name="thresholds">Scores.</param>
    /// <param name="higherIsBetter">Whether a larger value is the better one.</param>
    public static double[] At(IReadOnlyList<IReadOnlyList<SeedResult>> environments, IReadOnlyList<double> thresholds, bool higherIsBetter = true) =>
        [.. thresholds.Select(threshold => environments.Average(runs => runs.Average(r => Reaches(r, threshold, higherIsBetter) ? 1.0 : 0.0)))];

    private static bool Reaches(SeedResult result, double threshold, bool higherIsBetter) =>
        result.Converged && (higherIsBetter ? result.Value >= threshold : result.Value <= threshold);
}

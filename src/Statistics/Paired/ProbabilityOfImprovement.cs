namespace Orchestrator.Statistics;

/// <summary>
/// The chance that a run of A is better than a run of B, over all pairs of runs, whatever their
/// seeds; ties count half (Agarwal et al. 2021).
/// </summary>
public static class ProbabilityOfImprovement
{
    /// <summary>
    /// The chance, 0 to 1; NaN where a side has no run. A run that did not converge is worse than
    /// every one that did.
    /// </summary>
    public static double Of(IEnumerable<SeedResult> a, IEnumerable<SeedResult> b, bool higherIsBetter = true)
    {
        var left = Scores(a, higherIsBetter);
        var right = Scores(b, higherIsBetter);
        Array.Sort(right);
        double wins = 0;
        foreach (var score in left)
        {
            var below = Bound(right, score, orEqual: false);
            wins += below + ((Bound(right, score, orEqual: true) - below) / 2.0);
        }

        return wins / ((double)left.Length * right.Length);
    }

    private static double[] Scores(IEnumerable<SeedResult> results, bool higherIsBetter) =>
        [.. results.Select(r => !r.Converged ? double.NegativeInfinity : higherIsBetter ? r.Value!.Value : -r.Value!.Value)];

    // How many of the sorted scores lie below, or not above, the score.
    private static int Bound(double[] sorted, double score, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < score || (orEqual && sorted[middle] == score) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

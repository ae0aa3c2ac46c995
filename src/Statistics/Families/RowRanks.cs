namespace Orchestrator.Statistics;

/// <summary>Ranks of some scores among each other.</summary>
internal static class RowRanks
{
    /// <summary>The rank of each score: 1 is the best, ties share the mean of their ranks.</summary>
    /// <param name="scores">Scores; NaN is the worst.</param>
    /// <param name="higherIsBetter">Whether the largest score gets rank 1.</param>
    /// <param name="ties">Over all ties, the sum of t^3 - t, t being how many share one.</param>
    public static double[] Of(IReadOnlyList<double> scores, bool higherIsBetter, out double ties)
    {
        double[] costs = [.. scores.Select(v => double.IsNaN(v) ? double.PositiveInfinity : higherIsBetter ? -v : v)];
        var ranks = new double[costs.Length];
        ties = 0;
        for (var i = 0; i < costs.Length; i++)
        {
            var equal = costs.Count(c => c == costs[i]);
            ranks[i] = costs.Count(c => c < costs[i]) + ((equal + 1) / 2.0);

            // Each member of a tie of t adds t^2 - 1, so that the tie as a whole adds t^3 - t.
            ties += ((double)equal * equal) - 1;
        }

        return ranks;
    }
}

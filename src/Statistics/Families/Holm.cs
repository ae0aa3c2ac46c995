namespace Orchestrator.Statistics;

/// <summary>
/// Holm's step-down adjustment (1979): with every adjusted p at most 5 % rejected, any false
/// rejection has a chance of at most 5 %.
/// </summary>
public static class Holm
{
    /// <summary>Adjusted p values, in the order given.</summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        var order = Enumerable.Range(0, p.Count).OrderBy(i => p[i]).ToArray();
        var adjusted = new double[p.Count];
        double largest = 0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (p.Count - rank) * p[order[rank]]));
            adjusted[order[rank]] = largest;
        }

        return adjusted;
    }
}

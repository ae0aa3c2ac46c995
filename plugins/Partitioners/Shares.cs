using Orchestrator.Numerics;

namespace Orchestrator.Partitioners;

/// <summary>Random proportions, and their use on whole samples.</summary>
internal static class Shares
{
    /// <summary>
    /// A draw of the symmetric Dirichlet distribution: gamma draws over their sum. For an alpha so
    /// small that all of them underflow, its limit: everything to one.
    /// </summary>
    public static double[] Dirichlet(double alpha, int count, Random random)
    {
        var shares = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += shares[i] = Distributions.Gamma(random, alpha);
        }

        if (sum < 1e-290)
        {
            Array.Clear(shares);
            shares[random.Next(count)] = sum = 1;
        }

        for (var i = 0; i < count; i++)
        {
            shares[i] /= sum;
        }

        return shares;
    }

    /// <summary>
    /// Whole numbers that sum to the total: the differences of the rounded cumulated shares.
    /// </summary>
    public static int[] Sizes(double[] shares, int total)
    {
        var sizes = new int[shares.Length];
        var (cumulated, start) = (0.0, 0);
        for (var i = 0; i < shares.Length; i++)
        {
            cumulated += shares[i];
            var end = i == shares.Length - 1 ? total : Math.Clamp((int)Math.Round(cumulated * total), start, total);
            (sizes[i], start) = (end - start, end);
        }

        return sizes;
    }
}

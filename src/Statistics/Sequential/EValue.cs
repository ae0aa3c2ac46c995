namespace Orchestrator.Statistics;

/// <summary>
/// Evidence that may be looked at after every seed: the Bayes factor of the one-sample t with a
/// normal prior of variance g on the effect size and the right Haar prior on the scale (Rouder et
/// al. 2009), which is an e-value under optional stopping (Hendriksen et al. 2021; Perez-Ortiz et
/// al. 2024): if the mean is 0, the chance that it ever reaches 1 / level is at most level. It
/// assumes differences near normal.
/// </summary>
public static class EValue
{
    /// <summary>
    /// e = (1 + n g)^(-1/2) [(1 + t^2 / nu) / (1 + t^2 / (nu (1 + n g)))]^(n/2), nu = n - 1. 1
    /// below two values.
    /// </summary>
    public static double OfT(Moments moments, double g = 1)
    {
        if (moments.N < 2)
        {
            return 1;
        }

        double n = moments.N;
        var r = 1 + (n * g);
        var t = moments.Mean == 0 ? 0 : moments.Mean / moments.StandardError;

        // x = t^2 / nu; for differences that are all equal the bracket tends to r.
        var x = t * t / (n - 1);
        var bracket = double.IsInfinity(x) ? Math.Log(r) : Math.Log(1 + x) - Math.Log(1 + (x / r));
        return Math.Exp((-0.5 * Math.Log(r)) + (n / 2 * bracket));
    }

    /// <summary>
    /// All means against which the e-value stays below the threshold: the confidence sequence at
    /// this n.
    /// </summary>
    /// <param name="moments">Of the differences so far.</param>
    /// <param name="threshold">1 / level; above 1.</param>
    /// <param name="g">The prior's variance.</param>
    public static Interval ConfidenceSequence(Moments moments, double threshold, double g = 1)
    {
        if (moments.N < 2)
        {
            return Interval.Everything;
        }

        // e(x) = threshold where (1 + x) / (1 + x / r) = k; the left side never passes r.
        double n = moments.N;
        var r = 1 + (n * g);
        var k = Math.Exp((2 / n * Math.Log(threshold)) + (Math.Log(r) / n));
        if (k >= r)
        {
            return Interval.Everything;
        }

        var half = moments.StandardError * Math.Sqrt((n - 1) * (k - 1) / (1 - (k / r)));
        return new(moments.Mean - half, moments.Mean + half);
    }

    /// <summary>
    /// Evidence that one variant converges more often: the beta-binomial e-value of the discordant
    /// seeds against a share of one half, with a uniform prior.
    /// </summary>
    public static double OfConvergence(int onlyA, int onlyB)
    {
        var n = onlyA + onlyB;
        return Math.Exp(
            MathNet.Numerics.SpecialFunctions.GammaLn(onlyA + 1) + MathNet.Numerics.SpecialFunctions.GammaLn(onlyB + 1)
            - MathNet.Numerics.SpecialFunctions.GammaLn(n + 2) + (n * Math.Log(2)));
    }
}

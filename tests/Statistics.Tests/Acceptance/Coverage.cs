using MathNet.Numerics.Distributions;

namespace Orchestrator.Statistics.Tests.Acceptance;

/// <summary>How often intervals hold the truth.</summary>
internal static class Coverage
{
    public static IEnumerable<Finding> Intervals(int tables)
    {
        foreach (var n in new[] { 3, 5, 10, 20 })
        {
            var random = Simulated.Stream("coverage", n);
            var (t, bca) = (0, 0);
            var values = new double[n];
            for (var i = 0; i < tables; i++)
            {
                Normal.Samples(random, values, 88, 0.9);
                t += Moments.Of(values).TInterval()!.Value.Contains(88) ? 1 : 0;
                bca += Bca.Of(values)!.Value.Contains(88) ? 1 : 0;
            }

            var share = (double)t / tables;
            yield return new($"95 % t interval covers, normal, n = {n}", "94 to 96 %", Text(share), share is >= 0.94 and <= 0.96);
            yield return new($"95 % BCa interval covers, normal, n = {n}", "reported", Text((double)bca / tables), null);
        }

        foreach (var n in new[] { 5, 10, 20 })
        {
            foreach (var p in new[] { 0.05, 0.2, 0.5 })
            {
                // Exact: summed over all outcomes.
                var share = Enumerable.Range(0, n + 1).Where(k => new Proportion(k, n).Interval.Contains(p)).Sum(k => Binomial.PMF(p, n, k));
                yield return new($"95 % Wilson interval covers a share of {p} (exact), n = {n}", "reported", Text(share), null);
            }
        }
    }

    public static IEnumerable<Finding> Anatomy(int tables)
    {
        // Four factors at 5 levels, variances 1, 0.25, 0, 0.5, of the rest 0.25; as many
        // experiments as a hundredth of the tables.
        double[] deviations = [1, 0.5, 0, Math.Sqrt(0.5)];
        var experiments = Math.Max(10, tables / 50);
        var (covered, zero, rest) = (new int[4], 0, 0);
        for (var i = 0; i < experiments; i++)
        {
            var random = Simulated.Stream("anatomy-coverage", i);
            double[][] effects = [.. deviations.Select(d => Enumerable.Range(0, 5).Select(_ => Normal.Sample(random, 0, 1) * d).ToArray())];
            FactorRun[] runs = [.. OrthogonalArray.Strength3(5).Select(l => new FactorRun(
                [.. l.Select(x => (long)x)], l.Select((level, f) => effects[f][level]).Sum() + Normal.Sample(random, 0, 0.5)))];
            var components = VarianceAnatomy.Of(["a", "b", "c", "d"], runs).Components;
            for (var f = 0; f < 4; f++)
            {
                covered[f] += components[f].Interval.Contains(deviations[f] * deviations[f]) ? 1 : 0;
            }

            zero += components[2].Interval.Low == 0 ? 1 : 0;
            rest += components[^1].Interval.Contains(0.25) ? 1 : 0;
        }

        for (var f = 0; f < 4; f++)
        {
            yield return new(
                $"95 % interval of a variance of {Math.Round(deviations[f] * deviations[f], 2)} covers, 4 factors at 5 levels, strength 3, {experiments} "
                    + "experiments",
                "reported", Text((double)covered[f] / experiments), null);
        }

        yield return new("95 % interval of the rest (0.25) covers, the same experiments", "reported", Text((double)rest / experiments), null);
        yield return new("interval of a factor that does nothing reaches 0, the same experiments", "reported", Text((double)zero / experiments), null);
    }

    public static string Text(double share) => (100 * share).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + " %";
}

using MathNet.Numerics.Distributions;

namespace Orchestrator.Statistics.Tests.Acceptance;

/// <summary>How often a verdict is given that is not so.</summary>
internal static class FalseVerdicts
{
    private static string Text(double share) => Coverage.Text(share);

    public static IEnumerable<Finding> Fixed(int tables)
    {
        foreach (var (n, m) in new[] { (6, 1), (10, 3), (10, 10), (20, 10) })
        {
            var share = Share(tables, i => AnyBetter(Simulated.Stream("null", (n * 1_000_000L) + i), n, m));
            yield return new($"any false \"better\", {m} variants against one baseline, n = {n}", "at most 5 %", Text(share), share <= Bound(tables));
        }

        var skewed = Share(tables, i => AnyBetter(Simulated.Stream("null-skewed", i), 10, 10, lognormal: true));
        yield return new("the same, skewed (lognormal) runs, 10 variants, n = 10", "reported", Text(skewed), null);

        var onePlanted = Share(tables, i => AnyBetter(Simulated.Stream("planted", i), 10, 10, planted: true));
        yield return new(
            "any false \"better\" beside one variant that is better, 10 variants, n = 10", "at most 5 %", Text(onePlanted), onePlanted <= Bound(tables));

        var equivalent = Share(tables, i => One(Simulated.Stream("equivalent", i), 10, 0.5, 0.4).Verdict == Verdict.Equivalent);
        yield return new("\"equivalent within 0.5\" where the difference is 0.5, n = 10", "at most 5 %", Text(equivalent), equivalent <= Bound(tables));

        var differs = Share(tables, i => AnyDiffers(Simulated.Stream("published", i)));
        yield return new("any false \"differs\" among 20 published single runs, n = 5", "at most 5 %", Text(differs), differs <= Bound(tables));
    }

    public static IEnumerable<Finding> Sequential(int tables)
    {
        foreach (var g in new[] { 1, 0.25 })
        {
            var crossed = Share(2 * tables, i => Crosses(Normals(Simulated.Stream("peek", i)), g));
            yield return new(
                $"e-value reaches 20, normal differences of mean 0, every look to n = 100, g = {g}, {2 * tables} sequences", "at most 5 %", Text(crossed),
                crossed <= Bound(2 * tables));
        }

        var lognormal = Share(tables, i => Crosses(Lognormals(Simulated.Stream("peek-skewed", i)), 1));
        yield return new("the same, lognormal differences of mean 0, g = 1", "reported", Text(lognormal), null);

        var terms = new SequentialTerms { Family = 5, LargestN = 40 };
        var family = Share(tables, i => AnySequential(Simulated.Stream("peek-family", i), terms));
        yield return new(
            "any false \"better\" among 5 variants against one baseline, seeds until decided, 5 to 40", "at most 5 %", Text(family), family <= Bound(tables));

        var skewed = Share(tables, i => AnySequential(Simulated.Stream("peek-family-skewed", i), terms, lognormal: true));
        yield return new("the same, lognormal runs", "reported", Text(skewed), null);

        var marked = Share(tables, i => Decided(Lognormals(Simulated.Stream("marked", i)), 0).IsSkewed);
        yield return new("skewness check marks lognormal differences, seeds until decided, 5 to 40", "reported", Text(marked), null);

        var (t, sequence) = (0, 0);
        for (var i = 0; i < tables; i++)
        {
            var ended = Decided(Normals(Simulated.Stream("stopped", i)), 0.5);
            t += ended.Difference.TInterval()!.Value.Contains(0.5) ? 1 : 0;
            sequence += ended.Interval.Contains(0.5) ? 1 : 0;
        }

        yield return new("95 % t interval covers after such stopping, effect 0.5 sd", "reported", Text((double)t / tables), null);
        yield return new(
            "confidence sequence covers after such stopping, effect 0.5 sd", "at least 95 %", Text((double)sequence / tables),
            (double)sequence / tables >= 0.95 - (Bound(tables) - 0.05));

        var convergence = Share(tables, i => ConvergenceCrosses(Simulated.Stream("peek-convergence", i)));
        yield return new(
            "e-value of convergence reaches 20, equal chances, every look to n = 100", "at most 5 %", Text(convergence), convergence <= Bound(tables));
    }

    // Three standard errors above 5 %: what chance alone may show.
    private static double Bound(int tables) => 0.05 + (3 * Math.Sqrt(0.05 * 0.95 / tables));

    private static double Share(int tables, Func<int, bool> holds) => Enumerable.Range(0, tables).Count(holds) / (double)tables;

    // Variants share the baseline's runs, so their comparisons are dependent, as in a real table.
    private static bool AnyBetter(Random random, int n, int variants, bool lognormal = false, bool planted = false)
    {
        double Value() => lognormal ? Math.Exp(Normal.Sample(random, 0, 1)) : Normal.Sample(random, 88, 0.6);

        var baseline = PairedTests.Runs(Enumerable.Range(0, n).Select(_ => Value()));
        var first = planted ? 1 : 0;
        PairedResults[] results =
            [.. Enumerable.Range(0, variants).Select(
                v => PairedResults.Of(PairedTests.Runs(Enumerable.Range(0, n).Select(_ => Value() + (v < first ? 3 : 0))), baseline))];
        return ComparisonFamily.Judge(results, new()).Skip(first).Any(j => IsBetter(j.Verdict));
    }

    private static bool AnySequential(Random random, SequentialTerms terms, bool lognormal = false)
    {
        double Value() => lognormal ? Math.Exp(Normal.Sample(random, 0, 1)) : Normal.Sample(random, 88, 0.6);

        var baseline = PairedTests.Runs(Enumerable.Range(0, terms.LargestN).Select(_ => Value()));
        return Enumerable.Range(0, terms.Family)
            .Any(_ => IsBetter(SequentialComparison.Of(PairedTests.Runs(Enumerable.Range(0, terms.LargestN).Select(_ => Value())), baseline, terms).Verdict));
    }

    private static bool AnyDiffers(Random random)
    {
        var rows = Enumerable.Range(0, 20).Select(_ =>
        {
            var (mean, sd) = (70 + (20 * random.NextDouble()), 0.3 + random.NextDouble());
            var measured = new double[5];
            Normal.Samples(random, measured, mean, sd);
            return (new PublishedValue(Normal.Sample(random, mean, sd)), CellSummary.Of(measured));
        });
        return PublishedComparison.Of([.. rows], 2).Any(c => c.Verdict == PublishedVerdict.Differs);
    }

    private static ComparisonFamily.Judgement One(Random random, int n, double difference, double sd)
    {
        var (a, b) = Simulated.Pair(random, n, difference, sd);
        return ComparisonFamily.Judge([PairedResults.Of(a, b)], new())[0];
    }

    private static SequentialComparison Decided(IEnumerable<double> differences, double shift)
    {
        var walk = new SequentialWalk(new());
        foreach (var difference in differences)
        {
            if (walk.Look(new(true, true, difference + shift)))
            {
                break;
            }
        }

        return walk.End();
    }

    private static bool Crosses(IEnumerable<double> differences, double g)
    {
        var (n, mean, squares) = (0, 0.0, 0.0);
        foreach (var difference in differences.Take(100))
        {
            n++;
            var before = difference - mean;
            mean += before / n;
            squares += before * (difference - mean);
            if (n >= 2 && EValue.OfT(new(n, mean, Math.Sqrt(squares / (n - 1))), g) >= 20)
            {
                return true;
            }
        }

        return false;
    }

    private static bool ConvergenceCrosses(Random random)
    {
        var (a, b) = (0, 0);
        for (var n = 0; n < 100; n++)
        {
            _ = random.NextDouble() < 0.5 ? a++ : b++;
            if (EValue.OfConvergence(a, b) >= 20)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<double> Normals(Random random)
    {
        while (true)
        {
            yield return Normal.Sample(random, 0, 1);
        }
    }

    private static IEnumerable<double> Lognormals(Random random) => Normals(random).Select(z => Math.Exp(z) - Math.Exp(0.5));

    private static bool IsBetter(Verdict verdict) => verdict is Verdict.ABetter or Verdict.BBetter or Verdict.ABetterByLess or Verdict.BBetterByLess;
}

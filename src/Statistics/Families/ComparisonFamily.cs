namespace Orchestrator.Statistics;

/// <summary>
/// Comparisons that are made together; the chance of any false "better" among them is at most 5 %,
/// by Holm.
/// </summary>
/// <param name="Terms">What it goes by.</param>
/// <param name="Comparisons">In the order given.</param>
public sealed record ComparisonFamily(ComparisonTerms Terms, IReadOnlyList<PairedComparison> Comparisons)
{
    /// <summary>Makes every comparison.</summary>
    /// <exception cref="ArgumentException">A seed stands twice in one cell.</exception>
    public static ComparisonFamily Of(IReadOnlyList<Pairing> pairings, ComparisonTerms? terms = null)
    {
        terms ??= new();
        PairedResults[] results = [.. pairings.Select(p => PairedResults.Of(p.OfA, p.OfB))];
        var judged = Judge(results, terms);
        var adjustedConvergence = Holm.Adjust([.. judged.Select(j => j.ConvergenceP)]);
        var forecast = new SeedsNeeded(Math.Max(1, pairings.Count));
        return new(terms, [.. pairings.Select((pairing, i) =>
        {
            var (moments, p, adjustedP, convergenceP, verdict, vetoed) = judged[i];
            return new PairedComparison
            {
                A = pairing.A,
                B = pairing.B,
                Environment = pairing.Environment,
                CommonSeeds = results[i].CommonSeeds,
                Unpaired = results[i].Unpaired,
                Difference = moments,
                Interval = moments.TInterval(),
                Interval90 = moments.TInterval(0.9),
                Bootstrap = Bca.Of(results[i].Differences),
                P = p,
                SmallestP = SignFlip.SmallestP(results[i].Differences),
                AdjustedP = adjustedP,
                ConvergedAlone = (results[i].OnlyA, results[i].OnlyB),
                ConvergenceP = convergenceP,
                AdjustedConvergenceP = adjustedConvergence[i],
                ProbabilityOfImprovement = ProbabilityOfImprovement.Of(pairing.OfA, pairing.OfB, terms.HigherIsBetter),
                Verdict = verdict,
                IsVetoed = vetoed,
                SeedsNeeded = !vetoed && verdict is Verdict.NotDistinguishable or Verdict.TooFewSeeds ? Forecast(results[i], moments, terms, forecast) : null,
            };
        })]);
    }

    /// <summary>The verdicts alone, by the rule that every table goes by.</summary>
    internal static Judgement[] Judge(PairedResults[] results, ComparisonTerms terms)
    {
        double[] p = [.. results.Select(r => SignFlip.P(r.Differences))];
        var adjusted = Holm.Adjust(p);
        return [.. results.Select((r, i) =>
        {
            var (moments, convergence) = (Moments.Of(r.Differences), McNemar.P(r.OnlyA, r.OnlyB));
            var (verdict, vetoed) = Judge(r, moments, adjusted[i], convergence, terms);
            return new Judgement(moments, p[i], adjusted[i], convergence, verdict, vetoed);
        })];
    }

    // A variant that converges significantly less often is not called better, whatever its mean
    // where it converges.
    private static (Verdict Verdict, bool IsVetoed) Judge(PairedResults results, Moments moments, double adjustedP, double convergenceP, ComparisonTerms terms)
    {
        if (moments.N < ComparisonTerms.SmallestN)
        {
            return (Verdict.TooFewSeeds, false);
        }

        var aIsBetter = (moments.Mean > 0) == terms.HigherIsBetter;
        var vetoed = convergenceP <= ComparisonTerms.Level && (results.OnlyB > results.OnlyA) == aIsBetter;
        var isBetter = adjustedP <= ComparisonTerms.Level && !moments.TInterval()!.Value.Contains(0);
        if (isBetter && !vetoed)
        {
            return (terms.Better(moments.Mean, byLess: Math.Abs(moments.Mean) < terms.Delta), false);
        }

        return moments.TInterval(0.9)!.Value.IsWithin(terms.Delta) ? (Verdict.Equivalent, false) : (Verdict.NotDistinguishable, isBetter);
    }

    // A seed on which one did not converge gives no difference, so the more seeds are needed.
    private static int? Forecast(PairedResults results, Moments moments, ComparisonTerms terms, SeedsNeeded forecast)
    {
        if (moments.N < 2 || terms.Delta == 0 || forecast.For(terms.Delta, moments.StandardDeviation) is not { } pairs)
        {
            return null;
        }

        return (int)Math.Ceiling((double)pairs * results.CommonSeeds / moments.N);
    }

    internal readonly record struct Judgement(Moments Difference, double P, double AdjustedP, double ConvergenceP, Verdict Verdict, bool IsVetoed);
}

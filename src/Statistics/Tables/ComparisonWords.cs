using System.Globalization;

namespace Orchestrator.Statistics.Tables;

/// <summary>Verdicts in words.</summary>
internal static class ComparisonWords
{
    /// <summary>For programs.</summary>
    public static string Key(Verdict verdict) => verdict switch
    {
        Verdict.ABetter => "a-better",
        Verdict.BBetter => "b-better",
        Verdict.ABetterByLess => "a-better-by-less-than-delta",
        Verdict.BBetterByLess => "b-better-by-less-than-delta",
        Verdict.Equivalent => "equivalent",
        Verdict.NotDistinguishable => "not-distinguishable",
        _ => "too-few-seeds",
    };

    /// <summary>For people.</summary>
    public static string Of(Verdict verdict, string a, string b, double delta) => verdict switch
    {
        Verdict.ABetter => $"{a} is better",
        Verdict.BBetter => $"{b} is better",
        Verdict.ABetterByLess => $"{a} is better, by less than {Numbers.Exact(delta)}",
        Verdict.BBetterByLess => $"{b} is better, by less than {Numbers.Exact(delta)}",
        Verdict.Equivalent => $"equivalent within {Numbers.Exact(delta)}",
        Verdict.NotDistinguishable => "not distinguishable",
        _ => $"no verdict below {ComparisonTerms.SmallestN} seeds",
    };

    /// <summary>
    /// The verdict of a comparison with what would decide it, and with what is to be said of
    /// convergence.
    /// </summary>
    public static string Of(PairedComparison comparison, ComparisonTerms terms)
    {
        var text = Of(comparison.Verdict, comparison.A, comparison.B, terms.Delta);
        if (comparison.IsVetoed)
        {
            return $"{text}: {LessOften(comparison)} is better where both converge, {MoreOften(comparison)} converges more often";
        }

        if (comparison.SeedsNeeded is { } seeds)
        {
            text += $"; {Whole(seeds)} seeds would tell {Numbers.Exact(terms.Delta)}";
        }

        return comparison.AdjustedConvergenceP <= ComparisonTerms.Level ? $"{text}; {MoreOften(comparison)} converges more often" : text;
    }

    /// <summary>When two are called equivalent; null where they never are.</summary>
    public static string? Equivalent(ComparisonTerms terms, string unit) =>
        terms.Delta > 0 ? $"the 90 % t interval lies within ±{Numbers.Exact(terms.Delta)}{(unit.Length == 0 ? "" : " " + unit)}" : null;

    public static string MoreOften(PairedComparison comparison) => comparison.ConvergedAlone.A > comparison.ConvergedAlone.B ? comparison.A : comparison.B;

    private static string LessOften(PairedComparison comparison) => MoreOften(comparison) == comparison.A ? comparison.B : comparison.A;

    public static string Whole(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}

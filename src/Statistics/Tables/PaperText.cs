using System.Globalization;

namespace Orchestrator.Statistics.Tables;

/// <summary>
/// The paragraph for a paper, made from the numbers of the table and from nothing else.
/// </summary>
public static class PaperText
{
    /// <summary>Method, then what each comparison came to.</summary>
    public static string Of(ComparisonTable table, PaperFacts facts)
    {
        var (terms, comparisons) = (table.Family.Terms, table.Family.Comparisons);
        var environments = comparisons.Select(c => c.Environment).Distinct().Count();
        List<string> sentences =
        [
            $"We compare {table.Metric.Label} ({(table.Metric.HigherIsBetter ? "higher" : "lower")} is better) of {And(Variants(comparisons))}"
                + (environments > 1 ? $" in {environments} settings" : "") + $", with {Seeds(facts.Seeds)} per variant{(environments > 1 ? " and setting" : "")} ({facts.Runs} runs, {facts.Software}).",
            $"Runs of one variant{(environments > 1 ? " and setting" : "")} differ in {facts.Varies}; variants are compared on common seeds.{Averaged(facts)}",
            $"Intervals are 95% Student t intervals of the mean paired difference; p values are of two-sided sign-flip permutation tests, "
                + (comparisons.Count == 1 ? "of one comparison." : $"Holm-adjusted over {comparisons.Count} comparisons."),
            $"A variant is called better where the adjusted p is at most 0.05, the interval excludes 0 and it does not converge significantly less often"
                + (ComparisonWords.Equivalent(terms, table.Metric.DifferenceUnit) is { } when ? $"; equivalent where {when.Replace(" %", "%", StringComparison.Ordinal)}." : "."),
            facts.WithoutConvergence == 0
                ? "All runs converged."
                : $"{facts.WithoutConvergence} of {facts.Results} did not converge; they are counted, enter no mean, and convergence itself is compared by McNemar's exact test.",
            .. comparisons.Select(c => Result(c, terms, table)),
        ];
        if (facts.CoreHours is { } hours)
        {
            sentences.Add($"The runs took {Hours(hours)}.");
        }

        return string.Join(' ', sentences);
    }

    /// <summary>The same where seeds were added until the comparisons were decided.</summary>
    public static string Of(SequentialTable table, PaperFacts facts)
    {
        var terms = table.Terms;
        var environments = table.Plan.Select(p => p.Environment).Distinct().Count();
        var each = environments > 1 ? " and setting" : "";
        List<string> sentences =
        [
            $"We compare {table.Metric.Label} ({(table.Metric.HigherIsBetter ? "higher" : "lower")} is better) of {And([.. table.Plan.SelectMany(p => new[] { p.NameB, p.NameA }).Distinct()])}"
                + (environments > 1 ? $" in {environments} settings" : "") + $", with {Seeds(facts.Seeds)} per variant{each} ({facts.Runs} runs, {facts.Software}).",
            $"Runs of one variant{each} differ in {facts.Varies}; variants are compared on common seeds.{Averaged(facts)}",
            $"Seeds were added one at a time, from {terms.SmallestN} to at most {terms.LargestN}, until a comparison was decided by e-values (Bayes factors of the one-sample t with the "
                + $"right Haar prior and a normal prior of variance {Numbers.Exact(terms.G)} on the effect size), which remain valid under such looking; "
                + $"with {table.Plan.Count} {(table.Plan.Count == 1 ? "comparison" : "comparisons")} the threshold is {Numbers.Ratio(terms.Threshold)}. Intervals are 95% confidence sequences.",
            $"Equivalent: the confidence sequence lies within ±{Numbers.Exact(terms.Delta)} {table.Metric.DifferenceUnit}.".Replace(" .", ".", StringComparison.Ordinal),
            facts.WithoutConvergence == 0
                ? "All runs converged."
                : $"{facts.WithoutConvergence} of {facts.Results} did not converge; they are counted, enter no mean, and convergence itself is compared by a beta-binomial e-value.",
            .. table.Plan.Zip(table.Comparisons).Select(pair => Result(pair.First, pair.Second, table)),
        ];
        if (table.Comparisons.Count(c => c.IsSkewed) is > 0 and var skewed)
        {
            sentences.Add($"In {skewed} of {table.Comparisons.Count} comparisons the differences are more skewed than normal ones, which these tests assume.");
        }

        if (facts.CoreHours is { } hours)
        {
            sentences.Add($"The runs took {Hours(hours)}.");
        }

        return string.Join(' ', sentences);
    }

    private static string Result(PlannedComparison plan, SequentialComparison c, SequentialTable table)
    {
        var decimals = table.Metric.Decimals ?? Numbers.DecimalsFor([c.Difference.StandardDeviation]);
        var unit = table.Metric.DifferenceUnit.Length == 0 ? "" : " " + table.Metric.DifferenceUnit;
        var interval = double.IsInfinity(c.Interval.HalfWidth) ? "no bound" : Numbers.Range(c.Interval, decimals);
        var words = ComparisonWords.Of(c.Verdict, plan.NameA, plan.NameB, table.Terms.Delta);
        var where = plan.Environment.Length == 0 ? "" : $"With {plan.Environment}: ";
        var convergence = c.ConvergenceDecided ? $"; {(c.ConvergedAlone.A > c.ConvergedAlone.B ? plan.NameA : plan.NameB)} converges more often (e = {Numbers.Ratio(c.ConvergenceE)})" : "";
        return $"{where}{words}: {plan.NameA} - {plan.NameB} = {Numbers.Signed(c.Difference.Mean, decimals)}{unit} ({interval}, e = {Numbers.Ratio(c.E)}, {c.Seeds} seeds){convergence}.";
    }

    private static string Result(PairedComparison c, ComparisonTerms terms, ComparisonTable table)
    {
        var decimals = ComparisonGrid.Decimals(table);
        var unit = table.Metric.DifferenceUnit.Length == 0 ? "" : " " + table.Metric.DifferenceUnit;
        var where = c.Environment.Length == 0 ? "" : $"With {c.Environment}, ";
        var p = Numbers.P(c.AdjustedP) is var text && text.StartsWith('<') ? $"p {text}" : $"p = {text}";
        var numbers = c.Interval is { } interval ? $"{Numbers.Fixed(interval.Low, decimals)} to {Numbers.Fixed(interval.High, decimals)}, {p}, n = {c.Difference.N}" : $"n = {c.Difference.N}";
        var less = c.Verdict is Verdict.ABetterByLess or Verdict.BBetterByLess ? ", less than what is held to matter" : "";
        var difference = $"{c.A} - {c.B} = {Numbers.Signed(c.Difference.Mean, decimals)}{unit} ({numbers})";
        var sentence = c.Verdict switch
        {
            Verdict.ABetter or Verdict.ABetterByLess => $"{c.A} is better than {c.B} by {Numbers.Fixed(Math.Abs(c.Difference.Mean), decimals)}{unit} ({Oriented(c, decimals)}, {p}, n = {c.Difference.N}){less}",
            Verdict.BBetter or Verdict.BBetterByLess => $"{c.B} is better than {c.A} by {Numbers.Fixed(Math.Abs(c.Difference.Mean), decimals)}{unit} ({Oriented(c, decimals)}, {p}, n = {c.Difference.N}){less}",
            Verdict.Equivalent => $"{c.A} and {c.B} are equivalent within {Numbers.Exact(terms.Delta)}{unit}: {difference}",
            Verdict.NotDistinguishable => $"{c.A} and {c.B} cannot be told apart: {difference}" + Needed(c, terms, unit),
            _ => $"{c.A} and {c.B} have {c.Difference.N} common {(c.Difference.N == 1 ? "seed" : "seeds")} on which both converged, too few for a verdict" + Needed(c, terms, unit),
        };
        if (c.AdjustedConvergenceP <= ComparisonTerms.Level)
        {
            sentence += $"; {ComparisonWords.MoreOften(c)} converges more often ({c.ConvergedAlone.A} against {c.ConvergedAlone.B} seeds on which one alone converged, p = {Numbers.P(c.AdjustedConvergenceP)})";
        }

        return where + sentence + ".";
    }

    // The interval of the magnitude that the sentence tells.
    private static string Oriented(PairedComparison c, int decimals)
    {
        var sign = Math.Sign(c.Difference.Mean);
        var (low, high) = (sign * c.Interval!.Value.Low, sign * c.Interval.Value.High);
        return $"{Numbers.Fixed(Math.Min(low, high), decimals)} to {Numbers.Fixed(Math.Max(low, high), decimals)}";
    }

    private static string Needed(PairedComparison c, ComparisonTerms terms, string unit) =>
        c.SeedsNeeded is { } seeds ? $"; {ComparisonWords.Whole(seeds)} seeds would find a difference of {Numbers.Exact(terms.Delta)}{unit} with 80% power" : "";

    private static List<string> Variants(IReadOnlyList<PairedComparison> comparisons) => [.. comparisons.SelectMany(c => new[] { c.B, c.A }).Distinct()];

    private static string And(List<string> names) => names.Count <= 2 ? string.Join(" and ", names) : string.Join(", ", names.SkipLast(1)) + " and " + names[^1];

    private static string Seeds((int Fewest, int Most) seeds) =>
        seeds.Fewest == seeds.Most ? $"{seeds.Most} {(seeds.Most == 1 ? "seed" : "seeds")}" : $"{seeds.Fewest} to {seeds.Most} seeds";

    private static string Averaged(PaperFacts facts) => facts.AveragedOver.Count == 0
        ? ""
        : $" The value of a seed is its mean over {And([.. facts.AveragedOver])}; it did not converge where one of its runs did not.";

    internal static string Hours(double hours) =>
        hours < 0.1 ? (hours * 60).ToString("0.0", CultureInfo.InvariantCulture) + " core-minutes" : hours.ToString("0.0", CultureInfo.InvariantCulture) + " core-hours";
}

using System.Globalization;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Statistics;

/// <summary>Verdicts on published values, in words.</summary>
internal static class PublishedWords
{
    /// <summary>For programs.</summary>
    public static string Key(PublishedVerdict verdict) => verdict switch
    {
        PublishedVerdict.Agrees => "agrees",
        PublishedVerdict.Differs => "differs",
        PublishedVerdict.NotDecidable => "not-decidable",
        _ => "too-few-seeds",
    };

    /// <summary>For people.</summary>
    public static string Of(PublishedComparison comparison) => comparison.Verdict switch
    {
        PublishedVerdict.Agrees => "agrees",
        PublishedVerdict.Differs => "differs",
        PublishedVerdict.TooFewSeeds => comparison.MeasuredRuns < ComparisonTerms.SmallestN ? "too few seeds" : "too few converged",
        _ => $"not decidable at n = {comparison.Published.N.ToString(CultureInfo.InvariantCulture)}",
    };

    /// <summary>What the verdicts of a table mean, with how many there are of each.</summary>
    public static string Caption(CellTable table)
    {
        PublishedComparison[] all = [.. table.Rows.Where(r => r.Published is not null).Select(r => r.Published!)];
        var within = Numbers.Exact(table.Within ?? throw new InvalidOperationException("A table with published values names its tolerance."));
        int Count(PublishedVerdict verdict) => all.Count(c => c.Verdict == verdict);
        var unit = table.Metric.DifferenceUnit.Length == 0 ? "" : " " + table.Metric.DifferenceUnit;
        return $"Published values: difference is measured - published. {Count(PublishedVerdict.Agrees)} agree (the 90 % interval of the difference lies within "
            + $"±{within}{unit}), {Count(PublishedVerdict.Differs)} differ (t test, or Fisher's of convergence, Holm-adjusted p <= 0.05 over {all.Length} rows), "
            + $"{Count(PublishedVerdict.NotDecidable)} cannot be decided at the published n"
            + (Count(PublishedVerdict.TooFewSeeds) is > 0 and var few ? $", {few} have fewer than 5 seeds here that converged." : ".")
            + " Published runs whose spread is given, or follows from several rows, are compared by Welch's test; others are taken to spread as those measured here.";
    }
}

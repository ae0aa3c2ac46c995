using Orchestrator.Statistics.Distributions;

namespace Orchestrator.Statistics;

/// <summary>
/// One published value against one measured cell. The published runs are taken to spread as the
/// measured ones where the paper does not say, so the difference has the standard error sd
/// sqrt(1/n + 1/published n).
/// </summary>
public sealed record PublishedComparison
{
    /// <summary>The published value.</summary>
    public required PublishedValue Published { get; init; }

    /// <summary>Measured minus published; null where either did not converge.</summary>
    public required double? Difference { get; init; }

    /// <summary>
    /// 95 % interval of the difference of the means; null below two measured runs.
    /// </summary>
    public required Interval? Interval { get; init; }

    /// <summary>
    /// The p of the t test of the difference, or Fisher's exact p of convergence where the published
    /// runs did not converge, or fewer than five of the measured ones did; 1 below five measured runs.
    /// </summary>
    public required double P { get; init; }

    /// <summary>Holm-adjusted over the table.</summary>
    public required double AdjustedP { get; init; }

    /// <summary>Runs measured, converged or not.</summary>
    public required int MeasuredRuns { get; init; }

    /// <summary>What may be said of the difference.</summary>
    public required PublishedVerdict Verdict { get; init; }

    /// <summary>
    /// Published runs at which agreement could be shown, were there no difference; null where it
    /// could be already, or where more seeds are wanted here first.
    /// </summary>
    public required int? PublishedRunsNeeded { get; init; }

    /// <summary>
    /// Compares a whole table; the chance of any false "differs" in it is at most 5 %.
    /// </summary>
    /// <param name="rows">Published values beside measured cells.</param>
    /// <param name="within">Differences within this, in the metric's unit, are agreement; above
    /// 0.</param>
    public static IReadOnlyList<PublishedComparison> Of(IReadOnlyList<(PublishedValue Published, CellSummary Measured)> rows, double within)
    {
        PublishedTest[] tests = [.. rows.Select(r => PublishedTest.Of(r.Published, r.Measured))];
        var adjusted = Holm.Adjust([.. tests.Select(t => t.P)]);
        return [.. rows.Select((row, i) => Of(row, tests[i], adjusted[i], within))];
    }

    private static PublishedComparison Of((PublishedValue Published, CellSummary Measured) row, PublishedTest test, double adjusted, double within)
    {
        var verdict = adjusted <= ComparisonTerms.Level ? PublishedVerdict.Differs
            : test.IsTooSmall ? PublishedVerdict.TooFewSeeds
            : test.Interval(0.9) is { } interval && interval.IsWithin(within) && PublishedTest.ConvergesAlike(row.Published, row.Measured) ? PublishedVerdict.Agrees
            : PublishedVerdict.NotDecidable;
        return new()
        {
            Published = row.Published,
            Difference = test.Difference,
            Interval = test.Interval(0.95),
            P = test.P,
            AdjustedP = adjusted,
            MeasuredRuns = row.Measured.NoConvergence.Of,
            Verdict = verdict,
            PublishedRunsNeeded = verdict == PublishedVerdict.Agrees ? null : RunsNeeded(row.Published, row.Measured, within),
        };
    }

    // The 90 % half-width t sd sqrt(1/n + 1/m) falls below the tolerance from this m on.
    private static int? RunsNeeded(PublishedValue published, CellSummary measured, double within)
    {
        if (published.Value is null || measured.StandardDeviation is not { } sd || measured.N < ComparisonTerms.SmallestN)
        {
            return null;
        }

        var half = StudentT.Upper(0.05, measured.N - 1) * sd;
        var room = (within / half * (within / half)) - (1.0 / measured.N);
        var needed = room > 0 ? Math.Floor(1 / room) + 1 : double.PositiveInfinity;
        return needed > published.N && needed <= SeedsNeeded.Largest ? (int)needed : null;
    }
}

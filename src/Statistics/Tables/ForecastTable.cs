namespace Orchestrator.Statistics.Tables;

/// <summary>What seeds until decided will cost, by the difference that is really there.</summary>
/// <param name="StandardDeviation">Of the differences, as assumed or as seen so far.</param>
/// <param name="Forecasts">One for each true difference.</param>
/// <param name="Terms">What the tests go by.</param>
/// <param name="Metric">What is compared.</param>
public sealed record ForecastTable(double StandardDeviation, IReadOnlyList<SequentialForecast> Forecasts, SequentialTerms Terms, TableMetric Metric)
{
    /// <summary>
    /// Forecasts for no difference, for delta, for twice delta, and for one that was seen.
    /// </summary>
    /// <param name="standardDeviation">Of the differences.</param>
    /// <param name="terms">What the tests go by.</param>
    /// <param name="metric">What is compared.</param>
    /// <param name="seen">The magnitude of the difference seen so far; null where there is
    /// none.</param>
    public static ForecastTable Of(double standardDeviation, SequentialTerms terms, TableMetric metric, double? seen = null)
    {
        var truths = new[] { 0, terms.Delta, 2 * terms.Delta, seen ?? 0 }.Distinct().Order();
        return new(standardDeviation, [.. truths.Select(d => SequentialForecast.Of(d, standardDeviation, terms))], terms, metric);
    }

    /// <summary>What the numbers are.</summary>
    public string Caption =>
        $"Forecast for one comparison of {Terms.Family}: seeds until decided, {Terms.SmallestN} to {Terms.LargestN}, where differences have a standard deviation of "
        + $"{Numbers.Fixed(StandardDeviation, 2)} {Metric.DifferenceUnit}; delta {Numbers.Exact(Terms.Delta)}; {SequentialForecast.Sequences} simulated sequences of normal differences.";

    /// <summary>
    /// For a terminal: no line is longer than <paramref name="width"/> columns (40 at least).
    /// </summary>
    public string ToText(int width) => TextGrid.Render(Grid(), width);

    /// <summary>A Markdown table with its caption below.</summary>
    public string ToMarkdown() => MarkdownGrid.Render(Grid());

    private Grid Grid() => new(
        [
            new("true difference", ShortHeading: "truth"), new("median seeds", true, "median"), new("80 % by", true), new("mean", true), new("better", true),
            new("equivalent", true, "equal"), new("open", true),
        ],
        [.. Forecasts.Select(f => (string[])[
            Numbers.Exact(Math.Round(f.TrueDifference, 3)), ComparisonWords.Whole(f.MedianSeeds), ComparisonWords.Whole(f.Seeds80), Numbers.Fixed(f.MeanSeeds, 1), Numbers.Percent(f.Better),
            Numbers.Percent(f.Equivalent), Numbers.Percent(f.Open),
        ])],
        Caption);
}

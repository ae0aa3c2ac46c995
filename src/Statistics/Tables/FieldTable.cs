using System.Text.Json;

namespace Orchestrator.Statistics.Tables;

/// <summary>
/// Many variants over environments: the rank of each with its interval, and how it stands against
/// one of them.
/// </summary>
public sealed record FieldTable
{
    private const double SameRank = 1e-9;

    /// <summary>Ranks that differ by less are held to be the same.</summary>
    public const double Delta = 0.5;

    private static readonly TableMetric Rank = new("rank", "rank", "", "ranks", HigherIsBetter: false, Decimals: 2);

    private FieldTable(IReadOnlyList<string> variants, IReadOnlyList<string> environments, SeedRanks ranks, int reference, TableMetric metric)
    {
        (Variants, Environments, Ranks, Reference, Metric) = (variants, environments, ranks, reference, metric);
        Summaries = [.. ranks.OfVariants.Select(CellSummary.Of)];
        Order = [.. Enumerable.Range(0, variants.Count).OrderBy(v => Summaries[v].Mean)];
        var others = Order.Where(v => v != reference).ToList();
        var family = ComparisonFamily.Of(
            [.. others.Select(v => new Pairing(variants[v], variants[reference], "", ranks.OfVariants[v], ranks.OfVariants[reference]))],
            new() { Delta = Delta, HigherIsBetter = false });
        Against = new ComparisonTable(family, Rank);
        Verdicts = others.Zip(family.Comparisons).ToDictionary(pair => pair.First, pair => pair.Second);
        OverEnvironments = RankSummary.Of([.. Enumerable.Range(0, environments.Count).Select(e => ranks.InEnvironments.Select(variant => variant[e]).ToArray())], higherIsBetter: false);
    }

    /// <summary>Names.</summary>
    public IReadOnlyList<string> Variants { get; }

    /// <summary>What each environment is.</summary>
    public IReadOnlyList<string> Environments { get; }

    /// <summary>The ranks, seed by seed.</summary>
    public SeedRanks Ranks { get; }

    /// <summary>The variant that all others are compared with.</summary>
    public int Reference { get; }

    /// <summary>What runs are ranked by.</summary>
    public TableMetric Metric { get; }

    /// <summary>Of each variant, its rank over the seeds.</summary>
    public IReadOnlyList<CellSummary> Summaries { get; }

    /// <summary>Variants from the best rank to the worst.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Every other variant's rank against the reference's, on common seeds.</summary>
    public ComparisonTable Against { get; }

    /// <summary>
    /// The variants ranked once more in each environment, by their ranks there over all seeds: what
    /// Friedman's test and the critical difference are about.
    /// </summary>
    public RankSummary OverEnvironments { get; }

    /// <summary>What the numbers are.</summary>
    public string Caption => FieldWords.Caption(this);

    /// <summary>The paragraph for a paper, made from the numbers of the table.</summary>
    /// <param name="facts">What it says beyond them.</param>
    public string Paragraph(PaperFacts facts) => FieldWords.Paragraph(this, facts);

    /// <summary>Of a variant, its comparison with the reference, of which there is none.</summary>
    internal IReadOnlyDictionary<int, PairedComparison> Verdicts { get; }

    /// <summary>Makes the table.</summary>
    /// <param name="variants">Names; two at least.</param>
    /// <param name="environments">What each environment is; two at least.</param>
    /// <param name="results">Of each variant, in each environment, its runs.</param>
    /// <param name="reference">The variant that all others are compared with.</param>
    /// <param name="metric">What runs are ranked by.</param>
    /// <returns>Null where no seed was run by all variants in all environments.</returns>
    public static FieldTable? Of(
        IReadOnlyList<string> variants, IReadOnlyList<string> environments, IReadOnlyList<IReadOnlyList<IReadOnlyList<SeedResult>>> results, int reference, TableMetric metric) =>
        SeedRanks.Of(results, metric.HigherIsBetter) is { } ranks ? new(variants, environments, ranks, reference, metric) : null;

    /// <summary>The runs of a variant that did not converge, of those that count.</summary>
    /// <param name="variant">Its number.</param>
    public Proportion NoConvergence(int variant) => new(Ranks.NoConvergence[variant].Sum(nc => nc.Count), Ranks.NoConvergence[variant].Sum(nc => nc.Of));

    /// <summary>The place of a variant, from 1; variants of the same rank share theirs.</summary>
    /// <param name="variant">Its number.</param>
    // Sums of thirds in another order may differ in their last bit.
    public int PlaceOf(int variant) => 1 + Summaries.Count(other => other.Mean < Summaries[variant].Mean - SameRank);

    /// <summary>
    /// The 95 % interval of a variant's rank, as far as there are ranks; null for one seed.
    /// </summary>
    /// <param name="variant">Its number.</param>
    public Interval? IntervalOf(int variant) =>
        Summaries[variant].Interval is { } interval ? new(Math.Max(1, interval.Low), Math.Min(Variants.Count, interval.High)) : null;

    /// <summary>The table as texts, for whoever draws it in another form.</summary>
    public Grid ToGrid() => new(
        [new("#", true), new("rule"), new("rank", true), new("95 %", true), new("over", true), new("NC", true), new($"against {Variants[Reference]}", ShortHeading: "against")],
        [.. Order.Select(Row)],
        Caption);

    /// <summary>
    /// For a terminal: no line is longer than <paramref name="width"/> columns (40 at least).
    /// </summary>
    public string ToText(int width) => TextGrid.Render(ToGrid(), width);

    /// <summary>A Markdown table with its caption below.</summary>
    public string ToMarkdown() => MarkdownGrid.Render(ToGrid());

    /// <summary>A LaTeX table (booktabs) with its caption.</summary>
    public string ToLatex() => LatexGrid.Render(ToGrid());

    /// <summary>JSON at full precision.</summary>
    public string ToJson() => Json.Write(json =>
    {
        json.WriteString("metric", Metric.Name);
        json.WriteString("reference", Variants[Reference]);
        json.WriteNumber("seeds", Ranks.Seeds);
        json.Strings("environments", Environments);
        json.Number("chiSquared", OverEnvironments.ChiSquared);
        json.Number("p", OverEnvironments.P);
        json.Number("criticalDifference", OverEnvironments.CriticalDifference);
        json.WriteString("caption", Caption);
        json.Objects("variants", Order, v => Variant(json, v));
    });

    private void Variant(Utf8JsonWriter json, int v)
    {
        json.WriteString("name", Variants[v]);
        json.Number("rank", Summaries[v].Mean);
        json.Interval("interval95", Summaries[v].Interval);
        json.Number("rankOverEnvironments", OverEnvironments.MeanRanks[v]);
        json.WriteNumber("noConvergence", NoConvergence(v).Count);
        json.WriteNumber("runs", NoConvergence(v).Of);
        json.WriteString("verdict", Verdicts.TryGetValue(v, out var comparison) ? ComparisonWords.Key(comparison.Verdict) : null);
        json.Number("difference", comparison?.Difference.Mean);
        json.Interval("difference95", comparison?.Interval);
        json.Number("pHolm", comparison?.AdjustedP);
        json.WriteStartArray("rankInEnvironments");
        foreach (var rank in Ranks.InEnvironments[v])
        {
            json.WriteNumberValue(rank);
        }

        json.WriteEndArray();
        json.WriteStartArray("noConvergenceInEnvironments");
        foreach (var runs in Ranks.NoConvergence[v])
        {
            json.WriteNumberValue(runs.Count);
        }

        json.WriteEndArray();
    }

    private string[] Row(int v)
    {
        var nc = NoConvergence(v);
        return
        [
            ComparisonWords.Whole(PlaceOf(v)), Variants[v], Numbers.Fixed(Summaries[v].Mean, 2), Numbers.Range(IntervalOf(v), 2), Numbers.Fixed(OverEnvironments.MeanRanks[v], 2),
            nc.Count == 0 ? $"0/{nc.Of}" : $"{nc.Count}/{nc.Of} ({Numbers.Percent(nc.Share)})",
            Verdicts.TryGetValue(v, out var comparison) ? FieldWords.Verdict(comparison) : "",
        ];
    }
}

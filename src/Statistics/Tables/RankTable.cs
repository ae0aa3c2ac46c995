namespace Orchestrator.Statistics.Tables;

/// <summary>Variants by their mean rank over environments.</summary>
/// <param name="Variants">Names, in the order of the ranks.</param>
/// <param name="Ranks">The ranks.</param>
public sealed record RankTable(IReadOnlyList<string> Variants, RankSummary Ranks)
{
    /// <summary>What the numbers are.</summary>
    public string Caption
    {
        get
        {
            var text = $"Mean rank over {Ranks.Environments} environments (1 is best, ties share; a variant of which fewer runs converged ranks behind, then the mean decides). "
                + $"Friedman: chi-squared {Numbers.Fixed(Ranks.ChiSquared, 2)}, p {Numbers.P(Ranks.P)}. "
                + $"Mean ranks that differ by more than {Numbers.Fixed(Ranks.CriticalDifference, 2)} differ at 5 % (Nemenyi)";
            return Ranks.P > ComparisonTerms.Level ? text + "; but Friedman's test finds no difference at all, so no pair is claimed." : text + ".";
        }
    }

    /// <summary>
    /// For a terminal: no line is longer than <paramref name="width"/> columns (40 at least).
    /// </summary>
    public string ToText(int width) => TextGrid.Render(Grid(), width);

    /// <summary>A Markdown table with its caption below.</summary>
    public string ToMarkdown() => MarkdownGrid.Render(Grid());

    /// <summary>A LaTeX table (booktabs) with its caption.</summary>
    public string ToLatex() => LatexGrid.Render(Grid());

    /// <summary>JSON at full precision.</summary>
    public string ToJson() => Json.Write(json =>
    {
        json.WriteNumber("environments", Ranks.Environments);
        json.Number("chiSquared", Ranks.ChiSquared);
        json.Number("p", Ranks.P);
        json.Number("criticalDifference", Ranks.CriticalDifference);
        json.WriteString("caption", Caption);
        json.Objects("variants", Variants.Zip(Ranks.MeanRanks), variant =>
        {
            json.WriteString("name", variant.First);
            json.Number("meanRank", variant.Second);
        });
    });

    private Grid Grid()
    {
        var order = Enumerable.Range(0, Variants.Count).OrderBy(i => Ranks.MeanRanks[i]).ToArray();
        return new(
            [new("variant"), new("mean rank", true), new("not told from")],
            [.. order.Select(i => (string[])[Variants[i], Numbers.Fixed(Ranks.MeanRanks[i], 2), string.Join(", ", order.Where(j => j != i && !Differ(i, j)).Select(j => Variants[j]))])],
            Caption);
    }

    private bool Differ(int i, int j) => Ranks.P <= ComparisonTerms.Level && Math.Abs(Ranks.MeanRanks[i] - Ranks.MeanRanks[j]) > Ranks.CriticalDifference;
}

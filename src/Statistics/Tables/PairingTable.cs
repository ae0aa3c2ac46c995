namespace Orchestrator.Statistics.Tables;

/// <summary>What pairing is worth, in seeds.</summary>
/// <param name="A">Name of the first variant.</param>
/// <param name="B">Name of the second.</param>
/// <param name="Levels">The levels, least paired first.</param>
/// <param name="Delta">The difference that is to be found.</param>
/// <param name="Family">Number of comparisons that share the 5 %.</param>
/// <param name="Metric">What was compared.</param>
public sealed record PairingTable(string A, string B, IReadOnlyList<PairingLevel> Levels, double Delta, int Family, TableMetric Metric)
{
    /// <summary>What the numbers are.</summary>
    public string Caption =>
        $"{A} against {B}: standard deviation of the difference of a pair of runs ({Metric.DifferenceUnit}), by what the two have in common, from seeds that were crossed with "
        + $"levels of streams; and seeds that find a difference of {Numbers.Exact(Delta)} with 80 % power, with {Family} {(Family == 1 ? "comparison" : "comparisons")} in the family.";

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
        json.WriteString("a", A);
        json.WriteString("b", B);
        json.Number("delta", Delta);
        json.WriteString("caption", Caption);
        json.Objects("levels", Levels, level =>
        {
            json.WriteString("common", Key(level.Level));
            json.Number("sd", level.StandardDeviation);
            json.Number("seeds", level.Seeds);
        });
    });

    private static string Key(PairingKind kind) => kind switch
    {
        PairingKind.Nothing => "nothing",
        PairingKind.Streams => "streams",
        PairingKind.Seed => "seed",
        _ => "everything",
    };

    private static string Words(PairingKind kind) => kind switch
    {
        PairingKind.Nothing => "nothing",
        PairingKind.Streams => "the crossed streams, not the seed",
        PairingKind.Seed => "the seed, not the crossed streams",
        _ => "everything",
    };

    private Grid Grid() => new(
        [new("in common"), new("sd", true), new("seeds", true)],
        [.. Levels.Select(level => (string[])[
            Words(level.Level), Numbers.Fixed(level.StandardDeviation, Numbers.DecimalsFor(Levels.Select(l => (double?)l.StandardDeviation)) + 1), level.Seeds is { } seeds ? ComparisonWords.Whole(seeds) : Numbers.None,
        ])],
        Caption);
}

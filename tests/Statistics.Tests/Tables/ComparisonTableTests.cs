using System.Text.Json;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Statistics.Tests.Tables;

public sealed class ComparisonTableTests
{
    private static readonly double[] Old = [88.1, 87.4, 88.9, 88.3, 87.8, 88.6, 88.2, 87.9];

    private static ComparisonTable Sample { get; } = new(
        ComparisonFamily.Of([
            new("gap-aware", "plain", "workers.count = 5", Runs(1.2, 0.2), PairedTests.Runs(Old)),
            new("gap-aware", "plain", "workers.count = 10", [.. Runs(0.1, 1.5).Take(7), SeedResult.NoConvergence(8)], PairedTests.Runs(Old)),
        ]),
        TableMetric.TestAccuracy);

    [Fact]
    public void AsText_ItHasDifferenceIntervalsTestsAndVerdict()
    {
        var text = Sample.ToText(200);

        Assert.Matches(@"(?m)^workers\.count = 5 +gap-aware +plain +8 +\+1\.20 +1\.03 to 1\.37 .* 0\.008 +0\.016 .*gap-aware is better$", text);
        Assert.Matches(@"(?m)^workers\.count = 10 .* 0, 1 +1\.000 +not distinguishable; \d+ seeds would tell 0\.5$", text);
        Assert.Contains("Holm-adjusted over 2 comparisons", text, StringComparison.Ordinal);
        Assert.Contains("on 1 seed one side alone converged", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void AsText_NoLineIsLongerThanTheTerminal(int width) => Assert.All(Sample.ToText(width).Split('\n'), line => Assert.InRange(line.Length, 0, width));

    [Fact]
    public void WhereTheSeedsCannotSuffice_TheCaptionSaysSo()
    {
        var few = new ComparisonTable(ComparisonFamily.Of([new("a", "b", "", [.. Runs(2, 0.1).Take(5)], PairedTests.Runs(Old))]), TableMetric.TestAccuracy);

        Assert.Contains("With 5 seeds no data could give p below 0.063", few.Caption, StringComparison.Ordinal);
        Assert.DoesNotContain("no data could", Sample.Caption, StringComparison.Ordinal);

        // Of many comparisons not even those with the most seeds can be better, whatever the fewest are.
        var many = new ComparisonTable(
            ComparisonFamily.Of([
                new("one", "b", "", [.. Runs(2, 0.1).Take(1)], PairedTests.Runs(Old)),
                .. Enumerable.Range(0, 7).Select(i => new Pairing($"a{i}", "b", "", Runs(2, 0.1), PairedTests.Runs(Old)))]),
            TableMetric.TestAccuracy);
        Assert.Contains("With 8 seeds no data could give p below 0.008, 0.063 adjusted over so many comparisons", many.Caption, StringComparison.Ordinal);
        Assert.DoesNotContain("With 1 seed", many.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoThatAreEqualOnEverySeed_AreNotTakenForTooFewSeeds()
    {
        Pairing Of(string name, IReadOnlyList<SeedResult> runs) => new(name, "plain", "", runs, PairedTests.Runs(Old));

        var family = ComparisonFamily.Of([Of("same", PairedTests.Runs(Old)), Of("better", Runs(3, 0.1))]);

        Assert.Equal(Verdict.ABetter, family.Comparisons[1].Verdict);
        Assert.DoesNotContain("no data could", new ComparisonTable(family, TableMetric.TestAccuracy).Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNoDifferenceIsSaidNotToMatter_NothingIsEquivalent()
    {
        var terms = new ComparisonTerms { Delta = 0 };
        Pairing Of(IReadOnlyList<SeedResult> runs) => new("a", "plain", "", runs, PairedTests.Runs(Old));

        var family = ComparisonFamily.Of([Of(PairedTests.Runs(Old)), Of(Runs(0, 0.001)), Of(Runs(0.01, 0.001))], terms);

        Assert.Equal([Verdict.NotDistinguishable, Verdict.NotDistinguishable, Verdict.ABetter], family.Comparisons.Select(c => c.Verdict));
        Assert.All(family.Comparisons, c => Assert.Null(c.SeedsNeeded));
        Assert.Contains("No difference was said not to matter, so nothing is called equivalent.", new ComparisonTable(family, TableMetric.TestAccuracy).Caption, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-30)]
    [InlineData(1)]
    [InlineData(1e30)]
    public void Numbers_OfAnySize_ShowTheirDifference(double size)
    {
        SeedResult[] Scaled(double offset) => [.. Enumerable.Range(1, 8).Select(seed => SeedResult.Of(seed, size * (offset + (0.01 * seed))))];
        var table = new ComparisonTable(ComparisonFamily.Of([new("a", "b", "", Scaled(2), Scaled(1))], new() { Delta = 0 }), new("testLoss", "test loss", "", "", false));

        Assert.Equal(2.0 / 256, table.Family.Comparisons[0].P, 1e-12);
        Assert.Matches(size switch { < 1 => @"\+1\.00e-30", > 1 => @"\+1\.00e\+30", _ => @"\+1\.0" }, table.ToText(160));
    }

    [Fact]
    public void WhereHolmLeavesRoomForFewSeeds_TheCaptionDoesNotCallThemTooFew()
    {
        Pairing Of(string name, int seeds) => new(name, "plain", "", [.. Runs(3, 0.1).Take(seeds)], PairedTests.Runs(Old));

        var family = ComparisonFamily.Of([Of("a", 8), Of("b", 8), Of("c", 8), Of("d", 7)]);

        Assert.All(family.Comparisons, c => Assert.True(c.AdjustedP <= 0.05, $"{c.A}: {c.AdjustedP}"));
        Assert.DoesNotContain("no data could", new ComparisonTable(family, TableMetric.TestAccuracy).Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void AsJson_ItReadsBack()
    {
        using var document = JsonDocument.Parse(Sample.ToJson());
        var first = document.RootElement.GetProperty("comparisons")[0];

        Assert.Equal("a-better", first.GetProperty("verdict").GetString());
        Assert.Equal(Sample.Family.Comparisons[0].Interval!.Value.Low, first.GetProperty("interval95").GetProperty("low").GetDouble());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("seedsNeeded").ValueKind);
    }

    [Fact]
    public void AsCsv_EveryLineHasEveryColumn()
    {
        var lines = Sample.ToCsv().TrimEnd('\n').Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal(24, line.Split(',').Length));
    }

    [Fact]
    public void TheParagraph_IsMadeFromTheSameNumbers()
    {
        var text = PaperText.Of(Sample, new((8, 8), 32, 1, "initialisation, partition, batch order and timing", 1.25, "Orchestrator 0.1.0"));

        Assert.Equal(
            "We compare test accuracy (higher is better) of plain and gap-aware in 2 settings, with 8 seeds per variant and setting (32 runs, Orchestrator "
                + "0.1.0). "
            + "Runs of one variant and setting differ in initialisation, partition, batch order and timing; variants are compared on common seeds. "
            + "Intervals are 95% Student t intervals of the mean paired difference; p values are of two-sided sign-flip permutation tests, Holm-adjusted over "
            + "2 comparisons. "
            + "A variant is called better where the adjusted p is at most 0.05, the interval excludes 0 and it does not converge significantly less often; "
            + "equivalent where the 90% t interval lies within ±0.5 points. "
            + "1 of 32 runs did not converge; they are counted, enter no mean, and convergence itself is compared by McNemar's exact test. "
            + "With workers.count = 5, gap-aware is better than plain by 1.20 points (1.03 to 1.37, p = 0.016, n = 8). "
            + $"With workers.count = 10, gap-aware and plain cannot be told apart: gap-aware - plain = {Mean(1)} points ({Ends(1)}, p = "
            + $"{Sample.Family.Comparisons[1].AdjustedP:0.000}, n = 7); "
            + $"{Sample.Family.Comparisons[1].SeedsNeeded} seeds would find a difference of 0.5 points with 80% power. The runs took 1.3 core-hours.",
            text);

        static string Mean(int index) => Numbers.Signed(Sample.Family.Comparisons[index].Difference.Mean, 2);

        static string Ends(int index) => Numbers.Range(Sample.Family.Comparisons[index].Interval, 2);
    }

    [Fact]
    public void WhereLessIsBetter_TheParagraphTellsTheMagnitude()
    {
        var family = ComparisonFamily.Of([new("new", "old", "", Runs(-1.2, 0.2), PairedTests.Runs(Old))], new() { HigherIsBetter = false });
        var text = PaperText.Of(
            new ComparisonTable(family, new("testLoss", "test loss", "", "", false, 2)), new((8, 8), 16, 0, "the seed", null, "Orchestrator 0.1.0"));

        Assert.Contains("new is better than old by 1.20 (1.03 to 1.37, p = 0.008, n = 8).", text, StringComparison.Ordinal);
        Assert.EndsWith("n = 8).", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranks_SayWhoCannotBeToldApart()
    {
        double[][] table = [.. Enumerable.Range(0, 10).Select(i => (double[])[80 + (i % 3), 85 + (i % 2), 85 + ((i + 1) % 2), 70])];
        var text = new RankTable(["plain", "ga", "sa", "dc"], RankSummary.Of(table)).ToText(100);

        Assert.Matches(@"(?m)^ga +1\.50 +sa, plain$|^ga +1\.50 +sa$", text);
        Assert.Matches(@"(?m)^dc +4\.00 +plain$", text);
        Assert.Contains("(Nemenyi).", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Sequential_SaysThatOnlyEValueAndSequenceCount()
    {
        var (a, b) = Simulated.Pair(Simulated.Stream("table"), 20, 3, 0.5);
        PlannedComparison[] plan = [new(0, 1, "new", "old", "")];
        var terms = new SequentialTerms();
        var table = new SequentialTable(plan, [SequentialComparison.Of(a, b, terms)], terms, TableMetric.TestAccuracy);

        Assert.Matches(@"(?m)^new +old +\d +\d .*new is better( \*)?$", table.ToText(120));
        Assert.Contains("do not cover", table.Caption, StringComparison.Ordinal);
        Assert.Equal($"new against old: new is better after {table.Comparisons[0].Seeds} seeds.", Assert.Single(table.Sentences));
        Assert.Equal(2, table.ToCsv().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var paragraph = PaperText.Of(table, new((20, 20), 40, 0, "the seed", null, "Orchestrator 0.1.0"));
        Assert.Contains("from 5 to at most 40, until a comparison was decided by e-values", paragraph, StringComparison.Ordinal);
        Assert.Contains($"new is better: new - old = {Numbers.Signed(table.Comparisons[0].Difference.Mean, 2)} points (", paragraph, StringComparison.Ordinal);
        Assert.DoesNotContain("sign-flip", paragraph, StringComparison.Ordinal);
    }

    [Fact]
    public void AForecast_NamesItsAssumptions() => Assert.Contains(
        "standard deviation of 0.60 points; delta 0.5",
        ForecastTable.Of(0.6, new() { LargestN = 20 }, TableMetric.TestAccuracy).ToText(100).ReplaceLineEndings(" "),
        StringComparison.Ordinal);

    [Fact]
    public void Anatomy_NamesEverySource()
    {
        var runs = OrthogonalArray.Strength3(3).Select((l, i) => new FactorRun([.. l.Select(x => (long)x)], 88 + l[0] + (i % 5 * 0.1))).ToList();
        var table = new AnatomyTable(VarianceAnatomy.Of(["init", "batches", "partition", "delay"], runs), TableMetric.TestAccuracy, "Strength 3.");

        Assert.Contains("batches x partition", table.ToText(100), StringComparison.Ordinal);
        Assert.Contains("larger interactions and the rest", table.ToMarkdown(), StringComparison.Ordinal);
        Assert.Equal(12, table.ToCsv().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("init,", table.ToCsv().Split('\n')[1], StringComparison.Ordinal);

        // Of two cells one table.
        var lines = AnatomyTable.ToCsv([("rule = sgd", table), ("rule = a,b", table)]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("cell,source,variance,low95,high95,sd,share", lines[0]);
        Assert.Equal(1 + (2 * 11), lines.Length);
        Assert.StartsWith("rule = sgd,init,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("\"rule = a,b\",init,", lines[12], StringComparison.Ordinal);
    }

    private static SeedResult[] Runs(double mean, double sd) => PairedTests.Runs(Old.Select((v, i) => v + mean + (sd * (((i * 5) % 8) - 3.5) / 2.45)));
}

using System.Text.Json;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Statistics.Tests;

/// <summary>Variants over environments, seed by seed.</summary>
public sealed class FieldTests
{
    private static readonly TableMetric Loss = new("testLoss", "test loss", "", "", HigherIsBetter: false);

    [Fact]
    public void Ranks_AreOfOneSeedInOneEnvironment_AndAveragedOverEnvironments()
    {
        // Two environments, two seeds. B is best in the first, C in the second; with seed 2 A did not
        // converge in the first, where it shares the last place with nobody.
        var ranks = SeedRanks.Of(
        [
            [Runs(3, double.NaN), Runs(5, 5)],
            [Runs(1, 1), Runs(5, 4)],
            [Runs(2, 2), Runs(1, 1)],
        ], higherIsBetter: false)!;

        Assert.Equal([2.75, 3.0], ranks.OfVariants[0].Select(seed => seed.Value!.Value));
        Assert.Equal([1.75, 1.5], ranks.OfVariants[1].Select(seed => seed.Value!.Value));
        Assert.Equal([1.5, 1.5], ranks.OfVariants[2].Select(seed => seed.Value!.Value));
        Assert.Equal([3.0, 2.75], ranks.InEnvironments[0]);
        Assert.Equal((1, 2), (ranks.NoConvergence[0][0].Count, ranks.NoConvergence[0][0].Of));
    }

    [Fact]
    public void Ranks_OfMoreIsBetter_AreTurnedRound() =>
        Assert.Equal([[1.0], [2.0]], SeedRanks.Of([[Runs(3)], [Runs(1)]], higherIsBetter: true)!.InEnvironments);

    [Fact]
    public void ASeedThatOneVariantLacks_DoesNotCount()
    {
        Assert.Equal(1, SeedRanks.Of([[Runs(1, 2)], [Runs(2)]], higherIsBetter: false)!.Seeds);
        Assert.Null(SeedRanks.Of([[Runs(1)], [Array.Empty<SeedResult>()]], higherIsBetter: false));
    }

    [Fact]
    public void ATable_SaysWhoIsBetter_OnlyWhereSeedsAllowIt()
    {
        // Ten seeds: the first always beats the second, which is the reference, and the third is as
        // good as it, by turns.
        var few = Table(5);
        var many = Table(10);

        // Equal ranks share their place.
        Assert.Equal(["1", "2", "2"], many.ToGrid().Rows.Select(row => row[0]));
        Assert.Equal(["good", "1.00"], many.ToGrid().Rows[0][1..3]);
        Assert.Equal("better", many.ToGrid().Rows[0][^1]);
        Assert.NotEqual("better", few.ToGrid().Rows[0][^1]);
        Assert.Equal(["1.00", "2.50", "2.50"], many.ToGrid().Rows.Select(row => row[4]));
        Assert.Contains("Friedman's test finds no difference (p 0.", many.Caption, StringComparison.Ordinal);
        Assert.Contains("no difference could be found", few.Caption, StringComparison.Ordinal);
        Assert.DoesNotContain("no difference could be found", many.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void TheParagraph_IsMadeOfTheTablesNumbers()
    {
        var table = Table(10);
        var text = table.Paragraph(new((10, 10), 60, 0, "the seed", 0.5, "Orchestrator"));
        var rank = table.Summaries[1].Mean!.Value.ToString("F2", System.Globalization.CultureInfo.InvariantCulture);

        Assert.Contains(
            "We rank 3 rules by test loss (lower is better) in 2 environments, with 10 seeds each (60 runs, Orchestrator).", text, StringComparison.Ordinal);
        Assert.Matches($@"plain is number 2 of 3, at rank {rank} \(", text);
        Assert.Contains("Better than it: good.", text, StringComparison.Ordinal);
        Assert.Contains("The best rank is that of good, 1.00", text, StringComparison.Ordinal);
        Assert.Contains("The runs took 0.5 core-hours.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheParagraph_SaysWhereSeedsAreMissing_OrTooFew()
    {
        var few = Table(2).Paragraph(new((2, 4), 12, 0, "the seed", null, "Orchestrator") { LeftOut = ["bad (in noise = 1)"] });
        Assert.Contains("in 2 environments, with 2 of 4 seeds each, not complete (12 runs, Orchestrator).", few, StringComparison.Ordinal);
        Assert.Contains("Not ranked, for runs of them failed: bad (in noise = 1).", few, StringComparison.Ordinal);

        var one = Table(1);
        Assert.Contains("with one seed each (6 runs", one.Paragraph(new((1, 1), 6, 0, "the seed", null, "Orchestrator")), StringComparison.Ordinal);
        Assert.DoesNotContain("1 seeds", one.Caption, StringComparison.Ordinal);
        Assert.Contains("With 5 seeds no difference could be found in a family so large.", Table(5).Paragraph(new((5, 5), 30, 0, "the seed", null, "Orchestrator")), StringComparison.Ordinal);
    }

    [Fact]
    public void TheParagraph_TellsBetter_FromBetterByLessThanMatters()
    {
        // In one of ten environments the first is ahead by one rank: a tenth on average.
        IReadOnlyList<SeedResult>[] Of(double one) => [Runs([.. Enumerable.Repeat(one, 10)]), .. Enumerable.Range(0, 9).Select(_ => Runs([.. Enumerable.Repeat(2.0, 10)]))];
        var table = FieldTable.Of(
            ["ahead", "plain", "like plain"], [.. Enumerable.Range(0, 10).Select(e => $"noise = {e}")], [Of(1), Of(2), Of(2)], 1, Loss)!;
        var text = table.Paragraph(new((10, 10), 300, 0, "the seed", null, "Orchestrator"));

        Assert.Contains("Better than it, by less than 0.5 ranks: ahead.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Better than it: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_EndWhereRanksDo()
    {
        // Two seeds, of which the last is first by turns: a t interval would reach beyond 1 and 3.
        IReadOnlyList<SeedResult>[] Of(double first, double second) => [Runs(first, second), Runs(first, second)];
        var table = FieldTable.Of(["a", "b", "c"], ["noise = 0", "noise = 1"], [Of(1, 3), Of(2, 2), Of(3, 1)], 1, Loss)!;

        Assert.Equal((1.0, 3.0), (table.IntervalOf(0)!.Value.Low, table.IntervalOf(0)!.Value.High));
        Assert.Equal("1.00 to 3.00", table.ToGrid().Rows[0][3]);
    }

    [Fact]
    public void Json_HasEveryRank()
    {
        using var json = JsonDocument.Parse(Table(10).ToJson());
        var first = json.RootElement.GetProperty("variants")[0];

        Assert.Equal(
            ("good", 1.0, "a-better"),
            (first.GetProperty("name").GetString(), first.GetProperty("rank").GetDouble(), first.GetProperty("verdict").GetString()));
        Assert.Equal([1.0, 1.0], first.GetProperty("rankInEnvironments").EnumerateArray().Select(rank => rank.GetDouble()));
    }

    private static FieldTable Table(int seeds)
    {
        IReadOnlyList<SeedResult>[] Of(Func<int, double> value) =>
            [Runs([.. Enumerable.Range(0, seeds).Select(value)]), Runs([.. Enumerable.Range(0, seeds).Select(value)])];
        return FieldTable.Of(["good", "plain", "like plain"], ["noise = 0", "noise = 1"], [Of(_ => 1), Of(s => 3 + (s % 2)), Of(s => 4 - (s % 2))], 1, Loss)!;
    }

    private static SeedResult[] Runs(params double[] values) =>
        [.. values.Select((value, s) => new SeedResult(new(s + 1), double.IsNaN(value) ? null : value))];
}

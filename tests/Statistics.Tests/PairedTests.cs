using System.Text.Json;

namespace Orchestrator.Statistics.Tests;

public sealed class PairedTests
{
    [Fact]
    public void APair_AgreesWithTheReference() => Assert.All(Reference.Cases("pairs"), expected =>
    {
        var (a, b) = (Runs(expected.Numbers("a")), Runs(expected.Numbers("b")));
        var comparison = ComparisonFamily.Of([new("a", "b", "", a, b)]).Comparisons[0];
        var moments = comparison.Difference;

        Reference.Near(expected.Number("mean"), moments.Mean);
        Reference.Near(expected.Number("sd"), moments.StandardDeviation);
        Reference.Near(expected.Number("pT"), Distributions.StudentT.TwoSided(expected.Number("t"), moments.N - 1));
        Reference.Near(expected.Interval("t95"), comparison.Interval);
        Reference.Near(expected.Interval("t90"), comparison.Interval90);
        Reference.Near(expected.Interval("bca95"), comparison.Bootstrap, 0.03);
        Reference.Near(expected.Number("e"), EValue.OfT(moments));
        Reference.Near(expected.Number("probabilityOfImprovement"), comparison.ProbabilityOfImprovement);
        if (expected.GetProperty("pSignFlip").ValueKind == JsonValueKind.Number)
        {
            Reference.Near(expected.Number("pSignFlip"), comparison.P);
        }

        if (expected.TryGetProperty("smallestP", out _))
        {
            Reference.Near(expected.Number("smallestP"), comparison.SmallestP);
        }

        if (expected.TryGetProperty("skewness", out _))
        {
            Reference.Near(expected.Number("skewness"), Skewness.Of(PairedResults.Of(a, b).Differences)!.Value);
            Reference.Near(expected.Number("eQuarter"), EValue.OfT(moments, 0.25));
            Reference.Near(expected.Number("eByQuadrature"), EValue.OfT(moments));
        }
    });

    [Fact]
    public void McNemar_AgreesWithTheReference() => Assert.All(
        Reference.Cases("mcnemar"), expected => Reference.Near(expected.Number("p"), McNemar.P((int)expected.Number("b"), (int)expected.Number("c"))));

    [Fact]
    public void TheBetaBinomial_AgreesWithTheReference() => Assert.All(
        Reference.Cases("betaBinomial"),
        expected => Reference.Near(expected.Number("e"), EValue.OfConvergence((int)expected.Number("b"), (int)expected.Number("c"))));

    [Fact]
    public void PowerOfT_AgreesWithTheReference() => Assert.All(Reference.Cases("powerOfT"), expected =>
    {
        var n = (int)(expected.TryGetProperty("n80", out var n80) ? n80.GetDouble() : expected.Number("n"));
        var level = expected.TryGetProperty("alpha", out var alpha) ? alpha.GetDouble() : 0.05;

        Reference.Near(expected.Number("power"), Distributions.NoncentralT.Power(expected.Number("difference") / expected.Number("sd"), n, level));
    });

    [Fact]
    public void SignFlip_CountsEveryPattern()
    {
        double[] differences = [0.3, -0.1, 0, 0.2, 0.4, -0.05, 0.11];
        var patterns = Enumerable.Range(0, 1 << differences.Length)
            .Count(signs => Math.Abs(differences.Select((d, i) => (signs >> i & 1) == 0 ? d : -d).Sum()) >= Math.Abs(differences.Sum()) - 1e-12);

        Assert.Equal(patterns / 128.0, SignFlip.P(differences), 1e-15);
        Assert.Equal(1.0 / 32, SignFlip.SmallestP(differences));
    }

    [Fact]
    public void SignFlip_BeyondTheExactRange_AgreesWithTheExactOneNearby()
    {
        double[] differences = [.. Enumerable.Range(0, 32).Select(i => (((i * 37) % 17) - 6) / 10.0)];
        var exact = SignFlip.P(differences);

        // A difference too small to matter makes it one too many.
        var estimate = SignFlip.P([.. differences, 1e-9]);

        Assert.InRange(exact, 0.005, 0.5);
        Assert.InRange(estimate, exact - 0.006, exact + 0.006);
    }

    [Fact]
    public void SignFlip_OfNoDifferenceAtAll_IsOne()
    {
        Assert.Equal(1, SignFlip.P([0, 0, 0]));
        Assert.Equal(1, SignFlip.SmallestP([0, 0, 0]));
        Assert.Equal(1, SignFlip.P([]));
    }

    [Fact]
    public void Bca_OfOneValueRepeated_IsThatValue() => Assert.Equal(new Interval(0.5, 0.5), Bca.Of([0.5, 0.5, 0.5]));

    [Fact]
    public void Pairs_AreMadeByKey_AndOnlyWhereBothConverged()
    {
        SeedResult[] a = [SeedResult.Of(3, 5), SeedResult.Of(1, 1), SeedResult.NoConvergence(2), SeedResult.Of(9, 4)];
        SeedResult[] b = [SeedResult.Of(1, 0.5), SeedResult.Of(2, 2), SeedResult.Of(3, 3), new(new(9, "delay=1"), 4)];

        var pairs = PairedResults.Of(a, b);

        Assert.Equal([0.5, 2], pairs.Differences);
        Assert.Equal((3, 0, 1, 2), (pairs.CommonSeeds, pairs.OnlyA, pairs.OnlyB, pairs.Unpaired));
    }

    [Fact]
    public void ASeedTwiceInACell_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => PairedResults.Of([SeedResult.Of(4, 1), SeedResult.Of(4, 2)], []));

        Assert.Contains("seed 4 stands twice", error.Message, StringComparison.Ordinal);
    }

    internal static SeedResult[] Runs(IEnumerable<double> values) => [.. values.Select((v, i) => SeedResult.Of(i + 1, v))];
}

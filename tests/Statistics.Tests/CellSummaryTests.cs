namespace Orchestrator.Statistics.Tests;

public sealed class CellSummaryTests
{
    [Fact]
    public void ACell_AgreesWithTheReference() => Assert.All(Reference.Cases("cells"), expected =>
    {
        var cell = CellSummary.Of(expected.Numbers("values"));

        Assert.Equal(expected.GetProperty("values").GetArrayLength(), cell.N);
        Reference.Near(expected.Number("mean"), cell.Mean!.Value);
        Reference.Near(expected.Number("sd"), cell.StandardDeviation!.Value);
        Reference.Near(expected.Interval("t95"), cell.Interval);
        Reference.Near(expected.Number("median"), cell.Median!.Value);
        Reference.Near(expected.Number("iqm"), cell.InterquartileMean!.Value);
    });

    [Fact]
    public void Wilson_AgreesWithTheReference() => Assert.All(
        Reference.Cases("wilson"),
        expected => Reference.Near(expected.Interval("interval"), new Proportion((int)expected.Number("k"), (int)expected.Number("n")).Interval));

    [Fact]
    public void TQuantiles_AgreeWithTheReference() => Assert.All(
        Reference.Cases("tQuantiles"),
        expected => Reference.Near(expected.Number("t"), Distributions.StudentT.Upper(expected.Number("tail"), expected.Number("nu"))));

    [Fact]
    public void RunsWithoutConvergence_AreCounted_AndNeverAveraged()
    {
        var cell = CellSummary.Of([SeedResult.Of(1, 88), SeedResult.NoConvergence(2), SeedResult.Of(3, 90), SeedResult.Of(4, double.NaN)]);

        Assert.Equal((2, 89.0), (cell.N, cell.Mean));
        Assert.Equal(new Proportion(2, 4), cell.NoConvergence);
    }

    [Fact]
    public void WhatCannotBeSaid_IsNull()
    {
        var none = CellSummary.Of([], 3);
        var one = CellSummary.Of([88.5]);

        Assert.Equal((0, null, null, null), (none.N, none.Mean, none.Median, none.Interval));
        Assert.Equal(1, none.NoConvergence.Share);
        Assert.Equal((88.5, null, null), (one.Mean, one.StandardDeviation, one.Interval));
    }

    [Fact]
    public void TheOrderOfResults_ChangesNoBit()
    {
        double[] values = [0.1, 0.2, 0.3, 1e9, -1e9, 7.7];

        Assert.Equal(CellSummary.Of(values), CellSummary.Of([.. values.Reverse()]));
    }

    [Fact]
    public void ALargeMean_CostsNoDigits() =>
        Reference.Near(1, CellSummary.Of([1e9 + 1, 1e9 + 2, 1e9 + 3]).StandardDeviation!.Value, 1e-12);
}

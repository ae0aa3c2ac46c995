using System.Text.Json;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Statistics.Tests.Tables;

public sealed class CellTableTests
{
    private static CellTable Sample { get; } = new()
    {
        Axes = ["optimizer.momentum", "workers.count", "rule"],
        Metric = TableMetric.TestAccuracy,
        Rows =
        [
            new(["0", "2", "plain"], CellSummary.Of([88.5, 89.25, 87.75])),
            new(["0.9", "10", "gap_aware & \"co\""], CellSummary.Of([81, 83.5], 1), Missing: 2),
            new(["0.9", "100", "plain"], CellSummary.Of([], 5)),
        ],
    };

    [Fact]
    public void AsText_ItSaysEverythingInColumns() => Assert.Equal(
        """
        optimizer.momentum  workers.count  rule              n   mean  ± 95 %    sd           NC  missing
        0                   2              plain             3  88.50    1.86  0.75          0/3        0
        0.9                 10             gap_aware & "co"  2  82.25   15.88  1.77   1/3 (33 %)        2
        0.9                 100            plain             0      -       -     -  5/5 (100 %)        0

        Test accuracy, %: mean over the n seeds of a cell that converged, ± half of the 95 % t interval of the mean; sd with n -
        1. NC: 6 of 11 runs did not converge; they are counted in that column and averaged nowhere. 2 runs are missing: failed
        or not run yet.

        """,
        Sample.ToText(120));

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void AsText_NoLineIsLongerThanTheTerminal_AndNoNumberIsLost(int width)
    {
        var text = Sample.ToText(width);

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.All(["88.50", "1.86", "0.75", "82.25", "15.88", "1/3", "5/5"], number => Assert.Contains(number, text, StringComparison.Ordinal));
    }

    [Fact]
    public void AsText_WithLittleRoom_PathsAreShortenedToWhatTellsThemApart()
    {
        var table = Sample with { Axes = ["optimizer.momentum", "workers.delay.mean", "workers.compute.mean"] };
        var heading = table.ToText(94).Split('\n')[0];

        Assert.StartsWith("momentum  delay.mean  compute.mean", heading, StringComparison.Ordinal);
    }

    [Fact]
    public void AsCsv_NothingIsRounded_AndTextIsQuoted()
    {
        var lines = Sample.ToCsv().Split('\n');

        Assert.StartsWith(
            "optimizer.momentum,workers.count,rule,n,mean,sd,low95,high95,median,iqm,min,max,runs,nc,nc_share", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("0,2,plain,3,88.5,0.75,86.63", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("0.9,10,\"gap_aware & \"\"co\"\"\",2,82.25,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("0.9,100,plain,0,,,,,,,,,5,5,1,0.56", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void AsJson_ItReadsBack()
    {
        using var document = JsonDocument.Parse(Sample.ToJson());
        var cell = document.RootElement.GetProperty("cells")[1];

        Assert.Equal("10", cell.GetProperty("values").GetProperty("workers.count").GetString());
        Assert.Equal(82.25, cell.GetProperty("mean").GetDouble());
        Assert.Equal(Sample.Rows[1].Summary.Interval!.Value.Low, cell.GetProperty("interval95").GetProperty("low").GetDouble());
        Assert.Equal(1, cell.GetProperty("noConvergence").GetProperty("count").GetInt32());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("cells")[2].GetProperty("mean").ValueKind);
    }

    [Fact]
    public void AsMarkdown_PipesAndMarksAreText()
    {
        var text = (Sample with { Axes = ["a|b", "c", "d"] }).ToMarkdown();

        Assert.StartsWith("| a\\|b | c | d | n | mean |", text, StringComparison.Ordinal);
        Assert.Contains("gap\\_aware", text, StringComparison.Ordinal);
        Assert.Contains("averaged nowhere", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void AsLatex_WhatIsSpecialThereIsText()
    {
        var text = Sample.ToLatex();

        Assert.Contains("\\begin{tabular}{lllrrrrrr}", text, StringComparison.Ordinal);
        Assert.Contains("gap\\_aware \\& \"co\"", text, StringComparison.Ordinal);
        Assert.Contains("$\\pm$ 95 \\%", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?<!\\\\)%", text);
    }

    [Fact]
    public void AMetricWithoutDecimals_ShowsTwoDigitsOfItsSpread()
    {
        var table = Sample with { Metric = new("wallSeconds", "time", "s", "s", false), Rows = [new(["0", "1", "x"], CellSummary.Of([0.00123, 0.00125]))] };

        Assert.Contains("0.001240", table.ToText(200), StringComparison.Ordinal);
    }
}

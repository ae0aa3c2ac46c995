using Orchestrator.Analyzers.MLNet;
using Orchestrator.Numerics;

namespace Orchestrator.Analyzers.Tests;

public sealed class OutlierTests
{
    // Numbers of runs that differ by chance alone, some of which go together.
    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    public void Of_few_rows_that_are_alike_hardly_any_is_accused(int runs)
    {
        const int Collections = 200;
        var random = new RandomStreams(5).Open("alike", runs);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var accused = 0;
        for (var collection = 0; collection < Collections; collection++)
        {
            double[][] rows = [.. Enumerable.Range(0, runs).Select(_ =>
            {
                var common = Normal();
                return (double[])[.. Enumerable.Range(0, 9).Select(c => c < 3 ? common + (0.3 * Normal()) : Normal())];
            })];
            accused += Outliers.Find(rows, factor: 2, least: 6).Count > 0 ? 1 : 0;
        }

        Assert.InRange(accused, 0, Collections / 50);
    }

    // Rows on two directions of six columns, whose means are not their medians, and one that is far
    // along both and moved across them by a known length: the two are all that components need.
    [Theory]
    [InlineData(9)]
    [InlineData(20)]
    public void What_the_components_leave_of_a_row_is_told_in_spreads(double across)
    {
        var random = new RandomStreams(3).Open("rows");
        double[][] rows = [.. Enumerable.Range(0, 41).Select(n =>
        {
            var (one, other) = n == 7 ? (15, 15) : (Math.Exp(2 * random.NextDouble()), Math.Exp(2 * random.NextDouble()));
            return (double[])[one, one, other, other, one, other];
        })];
        foreach (var (column, sign) in ((int, int)[])[(0, 1), (1, -1), (2, 1), (3, -1)])
        {
            var middle = Table.Median([.. rows.Select(row => row[column])]);
            rows[7][column] += sign * across / 2 * 1.4826 * Table.Median([.. rows.Select(row => Math.Abs(row[column] - middle))]);
        }

        var outlier = Assert.Single(Outliers.Find(rows, factor: 2, least: 6));

        Assert.Equal(7, outlier.Row);
        Assert.InRange(outlier.Score, 0.95 * across, 1.05 * across);
    }
}

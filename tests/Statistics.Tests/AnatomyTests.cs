using MathNet.Numerics.Distributions;

namespace Orchestrator.Statistics.Tests;

public sealed class AnatomyTests
{
    private static readonly string[] Names = ["initialisation", "order", "partition", "timing"];

    [Fact]
    public void OfAFullCrossing_ItIsTheAnalysisOfVariance()
    {
        double[,] table = { { 3.1, 4.0, 2.2, 5.0 }, { 1.2, 2.9, 0.7, 2.8 }, { 4.4, 5.1, 4.0, 6.6 } };
        var (rows, columns) = (table.GetLength(0), table.GetLength(1));
        var runs = (from r in Enumerable.Range(0, rows) from c in Enumerable.Range(0, columns) select new FactorRun([r, c], table[r, c])).ToList();

        // Mean squares of rows, of columns and of the rest, by hand.
        var mean = runs.Average(r => r.Value!.Value);
        double RowMean(int r) => Enumerable.Range(0, columns).Average(c => table[r, c]);
        double ColumnMean(int c) => Enumerable.Range(0, rows).Average(r => table[r, c]);
        var msRows = columns * Enumerable.Range(0, rows).Sum(r => Math.Pow(RowMean(r) - mean, 2)) / (rows - 1);
        var msColumns = rows * Enumerable.Range(0, columns).Sum(c => Math.Pow(ColumnMean(c) - mean, 2)) / (columns - 1);
        var msRest =
            runs.Sum(x => Math.Pow(x.Value!.Value - RowMean((int)x.Levels[0]) - ColumnMean((int)x.Levels[1]) + mean, 2)) / ((rows - 1) * (columns - 1));

        var anatomy = VarianceAnatomy.Of(["row", "column"], runs);

        Assert.Equal((msRows - msRest) / columns, anatomy.Components[0].Variance, 1e-9);
        Assert.Equal((msColumns - msRest) / rows, anatomy.Components[1].Variance, 1e-9);
        Assert.Equal(msRest, anatomy.Components[2].Variance, 1e-9);
        Assert.Equal(["row", "column", ""], anatomy.Components.Select(c => string.Join(" x ", c.Factors)));
        Assert.Equal(1, anatomy.Components.Sum(c => c.Share), 1e-9);
    }

    [Fact]
    public void OfAnOrthogonalArray_PlantedPartsAreFoundOnAverage()
    {
        // Variances 4, 1, 0, 2.25, of initialisation with timing 1, of the rest 0.25.
        const int Experiments = 60;
        var means = new double[12];
        for (var i = 0; i < Experiments; i++)
        {
            var components = VarianceAnatomyOf(Simulated.Stream("anatomy", i));
            for (var c = 0; c < components.Length; c++)
            {
                means[c] += components[c] / Experiments;
            }
        }

        Assert.InRange(means[0], 3, 5);
        Assert.InRange(means[1], 0.7, 1.3);
        Assert.InRange(means[2], -0.1, 0.1);
        Assert.InRange(means[3], 1.7, 2.8);
        Assert.InRange(means[6], 0.8, 1.2);
        Assert.InRange(means[10], 0.2, 0.3);
        Assert.All([4, 5, 7, 8, 9], pair => Assert.InRange(means[pair], -0.1, 0.1));
    }

    [Fact]
    public void TheArray_HoldsEveryTripleOnce()
    {
        var runs = OrthogonalArray.Strength3(4);

        Assert.Equal(64, runs.Count);
        Assert.All(Enumerable.Range(0, 4), left => Assert.Equal(64, runs.Select(r => string.Join(' ', r.Where((_, f) => f != left))).Distinct().Count()));
    }

    [Fact]
    public void Intervals_CoverWhatIsPlanted_AndAPartThatIsNotThereReachesZero()
    {
        var runs = Crossing(Simulated.Stream("interval"), [.. OrthogonalArray.Strength3(6)]);
        var anatomy = VarianceAnatomy.Of(Names, runs);

        Assert.Equal(11, anatomy.Components.Count);
        Assert.True(anatomy.Components[0].Interval.Contains(4));
        Assert.True(anatomy.Components[1].Interval.Contains(1));
        Assert.Equal(0, anatomy.Components[2].Interval.Low);
        Assert.True(anatomy.Components[3].Interval.Contains(2.25));
        Assert.True(anatomy.Components[0].Interval.Low > 0);
        Assert.All(anatomy.Components, c => Assert.InRange(c.Variance, c.Interval.Low - 0.2, c.Interval.High));
    }

    [Fact]
    public void RunsWithoutConvergence_AreLeftOut_AndCounted()
    {
        var runs = Crossing(Simulated.Stream("missing"), [.. OrthogonalArray.Strength3(4)]);
        var anatomy = VarianceAnatomy.Of(Names, [.. runs.Select((r, i) => i % 10 == 3 ? r with { Value = null } : r)]);

        Assert.Equal((57, new Proportion(7, 64)), (anatomy.N, anatomy.NoConvergence));
        Assert.InRange(anatomy.Components[0].Variance, 0.3, 12);
    }

    [Fact]
    public void FactorsThatAreNotCrossed_AreRefused()
    {
        var together = Enumerable.Range(0, 9).Select(i => new FactorRun([i, i], i * 0.5)).ToList();

        Assert.Contains("cross it", Assert.Throws<ArgumentException>(() => VarianceAnatomy.Of(["a", "b"], together)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "differ in every factor", Assert.Throws<ArgumentException>(() => VarianceAnatomy.Of(["a", "b"], [new([0, 1], 1), new([0, 2], 2)])).Message,
            StringComparison.Ordinal);
    }

    private static double[] VarianceAnatomyOf(Random random)
    {
        var runs = Crossing(random, [.. OrthogonalArray.Strength3(8)]);
        var design = new FactorDesign([.. runs.Select(r => r.Levels)], 4);
        return design.Components([.. runs.Select(r => r.Value!.Value)], [1, 2, 4, 8, 3, 5, 9, 6, 10, 12]);
    }

    private static List<FactorRun> Crossing(Random random, int[][] levels)
    {
        double[] deviations = [2, 1, 0, 1.5];
        double[][] main = [.. deviations.Select(d => Enumerable.Range(0, 8).Select(_ => Normal.Sample(random, 0, 1) * d).ToArray())];
        double[][] pair = [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 8).Select(_ => Normal.Sample(random, 0, 1)).ToArray())];
        return [.. levels.Select(l => new FactorRun(
            [.. l.Select(x => (long)x)], 88 + l.Select((level, f) => main[f][level]).Sum() + pair[l[0]][l[3]] + Normal.Sample(random, 0, 0.5)))];
    }
}

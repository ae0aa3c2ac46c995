namespace Orchestrator.RunFolders.Tests;

public sealed class StalenessStatisticsTests
{
    [Fact]
    public void Statistics_OfNothing_AreNaN()
    {
        var none = new StalenessStatistics();
        Assert.Equal((0L, 0L), (none.Count, none.Maximum));
        Assert.True(double.IsNaN(none.Mean) && double.IsNaN(none.Quantile(0.5)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(99)]
    [InlineData(1000)]
    public void Quantile_BelowTheLimit_IsThatOfTheSortedValues(int count)
    {
        var random = new Random(count);
        var statistics = new StalenessStatistics();
        long[] values = [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(count < 500 ? 20 : StalenessStatistics.ExactBelow))];
        Array.ForEach(values, statistics.Add);
        Array.Sort(values);

        foreach (var p in new[] { 0, 0.01, 0.25, 0.5, 0.9, 0.99, 1 })
        {
            Assert.Equal(values[Math.Max(0, (int)Math.Ceiling(p * count) - 1)], statistics.Quantile(p));
        }

        Assert.Equal(values.Average(), statistics.Mean, 1e-9);
        Assert.Equal(values[^1], statistics.Maximum);
    }

    [Theory]
    [InlineData(StalenessStatistics.ExactBelow - 1, 0)]
    [InlineData(StalenessStatistics.ExactBelow, 0.001)]
    [InlineData(123_456_789, 0.001)]
    [InlineData(1L << 40, 0.001)]
    [InlineData(long.MaxValue, 0.001)]
    public void Quantile_OfLargeValues_IsWithinOneThousandth(long value, double tolerance)
    {
        var statistics = new StalenessStatistics();
        statistics.Add(3);
        statistics.Add(value);
        statistics.Add(value);
        Assert.InRange(statistics.Quantile(0.5) / value, 1 - tolerance, 1 + tolerance);
        Assert.Equal(3, statistics.Quantile(0.1));
    }

    [Fact]
    public void Quantile_OfDistinctLargeValues_IsBetweenThem()
    {
        var statistics = new StalenessStatistics();
        for (var value = 1L << 20; value < 1L << 22; value += 1000)
        {
            statistics.Add(value);
        }

        var median = ((1L << 20) + (1L << 22)) / 2.0;
        Assert.InRange(statistics.Quantile(0.5) / median, 0.998, 1.002);
    }

    [Fact]
    public void Add_OfNegative_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new StalenessStatistics().Add(-1));
}

using Orchestrator.Numerics;

namespace Orchestrator.Analyzers.Tests;

/// <summary>
/// Steps are found where they were planted; trends, curves and wandering are no steps.
/// </summary>
public sealed class ChangePointTests
{
    private const int Length = 400;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_step_is_found_where_it_was_planted(int seed)
    {
        var found = ChangePoints.Find(Series(seed, i => i < 150 ? 0 : 7), 6, 0.1);
        var step = Assert.Single(found);
        Assert.InRange(step.Index, 147, 153);
        Assert.InRange(step.Jump, 5, 9);
        Assert.True(step.Holds);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_steps_are_two(int seed)
    {
        var found = ChangePoints.Find(Series(seed, i => i < 120 ? 0 : i < 300 ? 8 : 1), 6, 0.1);
        Assert.Equal(2, found.Count);
        Assert.InRange(found[0].Index, 117, 123);
        Assert.InRange(found[1].Index, 297, 303);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Noise_is_no_step(int seed) => Assert.Empty(ChangePoints.Find(Series(seed, _ => 0), 6, 0.1));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_trend_or_a_decay_is_no_step(int seed)
    {
        Assert.Empty(ChangePoints.Find(Series(seed, i => 0.2 * i), 6, 0.1));
        Assert.Empty(ChangePoints.Find(Series(seed, i => 40 * Math.Exp(-i / 60.0)), 6, 0.1));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_wandering_series_is_not_claimed_to_step(int seed)
    {
        var random = new RandomStreams(seed).Open("walk");
        var (at, walk) = (0.0, new double[Length]);
        for (var i = 0; i < Length; i++)
        {
            walk[i] = at += random.NextDouble() - 0.5;
        }

        Assert.DoesNotContain(ChangePoints.Find(walk, 6, 0.1), step => step.Holds);
    }

    [Fact]
    public void A_series_that_is_level_or_short_has_none()
    {
        Assert.Empty(ChangePoints.Find(new double[Length], 6, 0.1));
        Assert.Empty(ChangePoints.Find([1, 2, 3], 6, 0.1));
    }

    [Fact]
    public void Buckets_double_and_keep_their_places()
    {
        var series = new BucketedSeries(4);
        for (var i = 0; i < 10; i++)
        {
            series.Add(i, new("updates.csv", i + 2));
        }

        // Widths 1, 2, then 4: two whole ones, and two numbers more.
        Assert.Equal(4, series.Width);
        Assert.Equal([1.5, 5.5], series.Means());
        Assert.Equal(6, series.PlaceOf(1).Line);
    }

    private static double[] Series(int seed, Func<int, double> level)
    {
        var random = new RandomStreams(seed).Open("noise");
        return [.. Enumerable.Range(0, Length).Select(
            i => level(i) + Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }
}

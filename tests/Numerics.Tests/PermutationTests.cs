namespace Orchestrator.Numerics.Tests;

public sealed class PermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(257)]
    [InlineData(4_096)]
    [InlineData(60_000)]
    public void EveryElement_HasOnePlace(int count)
    {
        var order = new Permutation(count, new RandomStreams(3).Open("batches", 1, 2), new int[Permutation.LargestShuffled]);
        var seen = new bool[count];
        for (var i = 0; i < count; i++)
        {
            Assert.False(seen[order[i]]);
            seen[order[i]] = true;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(129)]
    [InlineData(60_000)]
    public void ManyAtOnce_AreThoseOfEachPlace(int count)
    {
        var order = new Permutation(count, new RandomStreams(3).Open("batches", 1, 2), new int[Permutation.LargestShuffled]);
        foreach (var length in (int[])[0, 1, 7, 8, 31, 32, 33, 1_000])
        {
            for (var first = 0; first <= count - length; first += Math.Max(1, count / 7))
            {
                var elements = new int[length];
                order.Fill(first, elements);
                for (var i = 0; i < length; i++)
                {
                    Assert.Equal(order[first + i], elements[i]);
                }
            }
        }
    }

    [Fact]
    public void PlacesOutside_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(100)[100]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(100)[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(100).Fill(90, new int[11]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(100).Fill(-1, new int[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(10).Fill(8, new int[3]));

        static Permutation Of(int count) => new(count, new RandomStreams(3).Open("batches", 1, 2), new int[Permutation.LargestShuffled]);
    }
}

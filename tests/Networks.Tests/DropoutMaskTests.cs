namespace Orchestrator.Networks.Tests;

public sealed class DropoutMaskTests
{
    [Fact]
    public void Stays_KeepsTheShareThatTheRateSays()
    {
        var (first, second) = (new uint[50], new uint[50]);
        DropoutMask.DrawKeys(new Numerics.RandomStreams(5).Open("dropout"), first, second);
        var threshold = DropoutMask.Threshold(0.3);
        var kept =
            (from s in Enumerable.Range(0, 50) from i in Enumerable.Range(0, 2000) where DropoutMask.Stays((uint)i, first[s], second[s], threshold) select i)
                .Count();
        Assert.InRange(kept, 69_400, 70_600); // Four standard deviations of a binomial of 100,000.
    }

    [Fact]
    public void DrawKeys_TakesAllFirstWords_ThenAllSecondWords()
    {
        var (first, second, bytes) = (new uint[3], new uint[3], new byte[12]);
        DropoutMask.DrawKeys(new Numerics.RandomStreams(5).Open("dropout"), first, second);
        var stream = new Numerics.RandomStreams(5).Open("dropout");
        stream.NextBytes(bytes);
        Assert.Equal(BitConverter.ToUInt32(bytes, 8), first[2]);
        stream.NextBytes(bytes);
        Assert.Equal(BitConverter.ToUInt32(bytes, 4), second[1]);
    }
}

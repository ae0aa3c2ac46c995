namespace Orchestrator.Numerics.Tests;

public sealed class RandomStreamsTests
{
    [Fact]
    public void AReplacedSeed_ChangesItsFamilyAndNoOther()
    {
        var plain = new RandomStreams(1);
        var streams = new RandomStreams(1, new Dictionary<string, long> { ["delay"] = 7 });

        Assert.Equal(new RandomStreams(7).Key("delay", 3), streams.Key("delay", 3));
        Assert.Equal(new RandomStreams(7).Key("delay-trait"), streams.Key("delay-trait"));
        Assert.Equal(plain.Key("batches", 3), streams.Key("batches", 3));
        Assert.Equal(plain.Key("delays"), streams.Key("delays"));
    }
}

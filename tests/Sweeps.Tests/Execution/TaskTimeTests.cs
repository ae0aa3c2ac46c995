namespace Orchestrator.Sweeps.Tests;

public sealed class TaskTimeTests
{
    [Theory]
    [InlineData(40, 100.0, true)]
    [InlineData(130, 100.0, true)]
    [InlineData(500, 100.0, false)]
    [InlineData(40, 1000.0, true)]
    [InlineData(290, 1000.0, true)]
    [InlineData(310, 1000.0, false)]
    [InlineData(290, null, true)]
    [InlineData(310, null, false)]
    public void ARun_IsBegunWhereItEndsInTime_OrWhereNoTaskIsLongEnoughAndHalfOfThisOneIsLeft(int afterSeconds, double? takes, bool fits)
    {
        var clock = new SetClock();
        var time = new TaskTime(clock.Now + TimeSpan.FromSeconds(600), TimeSpan.FromSeconds(600), clock);
        clock.Now += TimeSpan.FromSeconds(afterSeconds);
        Assert.Equal(fits, time.Fits(takes));
        Assert.False(time.IsOver);
        clock.Now += TimeSpan.FromSeconds(600);
        Assert.True(time.IsOver);
        Assert.False(time.Fits(0.001));
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

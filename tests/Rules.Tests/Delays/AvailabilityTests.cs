using Orchestrator.Abstractions;
using Orchestrator.Delays;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Delays;

public sealed class OnOffTests : DelayContract
{
    // Off a third of the time, for 50 ms more; and interrupted once in 100 ms of work.
    public override double ExpectedMeanMs => (50 / 3.0) + (ComputeMs / 100 * 50);

    public override IDelay Create() => new OnOff(new(100, 50));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.5, 1)]
    [InlineData(3, 0.7)]
    public void Workers_are_on_for_the_share_of_time_that_the_means_say(double onShape, double offShape)
    {
        var delay = new OnOff(new(30, 10, onShape, offShape));
        var on = 0;
        for (var worker = 0; worker < 200; worker++)
        {
            for (var i = 0; i < 100; i++)
            {
                on += delay.Milliseconds(Draws.At(worker, trait: (worker + 0.5) / 200, timeMs: 1000 + (37.7 * i))) == 0 ? 1 : 0;
            }
        }

        Assert.InRange(on / 20_000.0, 0.73, 0.77);
    }

    [Fact]
    public void Windows_are_the_same_whatever_is_asked_of_them()
    {
        var (steps, whole) = (Create(), Create());
        var waited = 0.0;
        for (var i = 0; i < 1000; i++)
        {
            waited += steps.Milliseconds(Draws.At(0, 0.3, i + waited, computeMs: 1));
        }

        Assert.Equal(whole.Milliseconds(Draws.At(0, 0.3, 0, computeMs: 1000)), waited, 1e-6);
        Assert.True(waited > 200, $"It waited {waited} ms.");
    }

    [Fact]
    public void A_worker_that_is_hardly_ever_on_is_an_error()
    {
        var failed = Assert.Throws<InvalidOperationException>(() => new OnOff(new(1e-3, 1e-3)).Milliseconds(Draws.At(0, 0.1, 0, computeMs: 1e6)));
        Assert.Contains("Worker 0 is on too seldom", failed.Message);
    }
}

public sealed class OnOffWeibullTests : DelayContract
{
    // What is left of a Weibull time off of shape 2 is 2 / pi of its mean; at the start it is whole.
    public override double ExpectedMeanMs => (50 / 3.0 * ((11 * 2 / Math.PI) + 1) / 12) + (ComputeMs / 100 * 50);

    public override IDelay Create() => new OnOff(new(100, 50, OffShape: 2));
}

public sealed class DailyTests : DelayContract
{
    // Of 100 ms: 20 in which 10 ms of work fit, 10 from which they reach over the 70 off, and 70 off.
    public override double ExpectedMeanMs => (0.1 * 70) + (0.7 * 35);

    public override IDelay Create() => new Daily(new(30, PeriodMs: 100));

    [Theory]
    [InlineData(25, 0, 0)]
    [InlineData(20, 10, 0)]
    [InlineData(24.5, 10, 70)]
    [InlineData(31, 10, 69)]
    [InlineData(31, 65, 69 + 140)]
    [InlineData(1e9 + 31, 10, 69)]
    public void A_worker_waits_for_its_times_on(double timeMs, double computeMs, double expected)
    {
        var (delay, later) = (new Daily(new(30, 100, 0)), new Daily(new(30, 100, 40)));
        Assert.Equal(expected, delay.Milliseconds(Draws.At(0, delay.Trait(0, Random.Shared), timeMs, computeMs)), 1e-6);
        Assert.Equal(expected, later.Milliseconds(Draws.At(0, later.Trait(0, Random.Shared), timeMs + 40, computeMs)), 1e-6);
    }

    [Theory]
    [InlineData(101, null, "onMs")]
    [InlineData(50, 101.0, "fromMs")]
    public void What_lies_beyond_the_period_is_refused(double onMs, double? fromMs, string option) =>
        Assert.Equal(option, Assert.Throws<OptionException>(() => new Daily(new(onMs, 100, fromMs))).Option);
}

public sealed class OnOffTraceTests : TraceContract
{
    private const string Two = "worker,from,to\n7,10,100\n3,20,30\n# a comment\n3,50,55\n7,0,4\n";

    // Of two workers, each pulled at the start of a period.
    public override double ExpectedMeanMs => (20 + 6) / 2.0;

    public override IDelay Create() => new OnOffTrace(new(FileOf(Two)));

    [Theory]
    [InlineData(WindowsEnd.Cycle, 29, 0, 0)]
    [InlineData(WindowsEnd.Cycle, 30, 0, 20)]
    [InlineData(WindowsEnd.Cycle, 29, 2, 20)]
    [InlineData(WindowsEnd.Cycle, 56, 3, 64)]
    [InlineData(WindowsEnd.Cycle, 1056, 3, 64)]
    [InlineData(WindowsEnd.Cycle, 20, 30, 20 + 65 + 20)]
    [InlineData(WindowsEnd.On, 56, 3, 0)]
    [InlineData(WindowsEnd.On, 52, 1e9, 0)]
    [InlineData(WindowsEnd.On, 20, 20, 20)]
    public void A_worker_waits_for_its_windows(WindowsEnd atEnd, double timeMs, double computeMs, double expected) =>
        Assert.Equal(expected, new OnOffTrace(new(FileOf(Two), atEnd)).Milliseconds(Draws.At(0, 0, timeMs, computeMs)), 1e-9);

    [Fact]
    public void A_period_may_be_longer_than_the_windows_and_not_shorter()
    {
        Assert.Equal(144, new OnOffTrace(new(FileOf(Two), PeriodMs: 180)).Milliseconds(Draws.At(0, 0, 56, 3)), 1e-9);
        Assert.Contains("99 ms end before the last window", Assert.Throws<OptionException>(() => new OnOffTrace(new(FileOf(Two), PeriodMs: 99))).Message);
    }

    [Theory]
    [InlineData("", "holds no windows")]
    [InlineData("0,1,2\n0,x,5\n", ":2: '0,x,5' is not worker,from,to")]
    [InlineData("0,1,2\n0,5,5\n", ":2:")]
    [InlineData("0,1,2\n0,5\n", ":2:")]
    [InlineData("0,-1,2\n", ":1:")]
    [InlineData("0,1,1e14\n", ":1:")]
    [InlineData("0,1,20\n1,5,9\n0,30,40\n0,19,25\n", ":4: worker 0 is on from 19 to 25 ms, which overlaps with line 1")]
    public void A_line_that_is_no_window_is_refused_with_its_place(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<OptionException>(() => new OnOffTrace(new(FileOf(text)))).Message);
}

internal static class Draws
{
    public static DelayDraw At(int worker, double trait, double timeMs, double computeMs = 0) =>
        new(worker, 0, 1, 1, trait, Random.Shared) { TimeMs = timeMs, ComputeMs = computeMs };
}

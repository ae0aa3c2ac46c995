using Orchestrator.Abstractions;

namespace Orchestrator.Engine.Tests;

public sealed class WallClockTests
{
    [Fact]
    public void Staleness_IsConserved()
    {
        var (outcome, log) = SmallProblem.Run(SmallProblem.Experiment(4, e => e with { Clock = ClockKind.Wall, Stop = new StopRule(Updates: 400) }));

        Assert.Equal(3 * outcome.Updates, log.Pushes.Sum(p => p.Staleness) + outcome.InFlightStaleness);
    }

    [Fact]
    public void DrawnTimes_AreAFloor_UnderDelays()
    {
        var delays = new WorkerDelays(
            new DelaySet(new SmallProblem.Fixed(5), null, null),
            new Dictionary<int, DelaySet> { [1] = new(new SmallProblem.Fixed(5), new SmallProblem.Fixed(20), new SmallProblem.Fixed(3)) });
        var (_, log) = SmallProblem.Run(SmallProblem.Experiment(3, e => e with { Clock = ClockKind.Wall, Delays = delays, Stop = new StopRule(Updates: 60) }));

        Assert.All(log.Pushes, p => Assert.True(p.ArrivedAt - p.PulledAt >= (p.Worker == 1 ? 28_000_000 : 5_000_000)));
        Assert.True(log.Pushes.Count(p => p.Worker == 0) > log.Pushes.Count(p => p.Worker == 1));
    }

    [Fact]
    public void CancelledWork_EndsWithoutAPush()
    {
        var (outcome, log) = SmallProblem.Run(SmallProblem.Experiment(4, e => e with
        {
            Clock = ClockKind.Wall,
            Consistency = new SmallProblem.FirstOf(2),
            Stop = new StopRule(Updates: 50),
        }));

        Assert.Equal(50, outcome.Updates);
        Assert.Equal(100, log.Pushes.Count(p => p.Decision == PushDecision.Cancelled));
        Assert.All(log.Pushes.Where(p => p.Decision != PushDecision.Cancelled), p => Assert.Equal(0, p.Staleness));
    }

    [Fact]
    public void WaitingWorkers_HoldNoThread()
    {
        var most = 0;
        var objective = new SmallProblem.Objective { BeforeGradient = _ => most = Math.Max(most, System.Diagnostics.Process.GetCurrentProcess().Threads.Count) };
        var delays = new WorkerDelays(new DelaySet(null, new SmallProblem.Fixed(100), null), new Dictionary<int, DelaySet>());
        var (outcome, _) = SmallProblem.Run(SmallProblem.Experiment(1_000, e => e with
        {
            Clock = ClockKind.Wall,
            Objective = objective,
            Partitions = [Enumerable.Range(0, SmallProblem.TrainCount).ToArray()],
            Delays = delays,
            Stop = new StopRule(Updates: 1_000),
        }));

        Assert.Equal(1_000, outcome.Updates);
        Assert.InRange(most, 1, 100);
    }
}

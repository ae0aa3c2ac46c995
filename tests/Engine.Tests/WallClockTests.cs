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

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(24)]
    public void ManyComputeThreads_MakeOneServersSteps(int workers)
    {
        var (outcome, log) = SmallProblem.Run(
            SmallProblem.Experiment(workers, e => e with { Clock = ClockKind.Wall, Cores = 8, Stop = new StopRule(Updates: 2_000) }));

        Assert.Equal(2_000, outcome.Updates);
        Assert.Equal(Enumerable.Range(0, 2_000).Select(v => (long)v), log.Pushes.Select(p => p.Version));
        Assert.Equal((workers - 1) * outcome.Updates, log.Pushes.Sum(p => p.Staleness) + outcome.InFlightStaleness);
        foreach (var pushes in log.Pushes.GroupBy(p => p.Worker))
        {
            Assert.Equal(Enumerable.Range(0, pushes.Count()).Select(n => (long)n), pushes.Select(p => p.Gradient));
            Assert.Equal(pushes.SkipLast(1).Select(p => p.Version + 1), pushes.Skip(1).Select(p => p.VersionPulled));
        }
    }

    [Fact]
    public void WithOneWorker_TheTrainingIsTheVirtualClocks()
    {
        static float[] End(ClockKind clock, int cores) =>
            SmallProblem.Run(SmallProblem.Experiment(1, e => e with { Clock = clock, Cores = cores, Stop = new StopRule(Updates: 300) })).Outcome.Parameters;

        Assert.Equal(End(ClockKind.Virtual, 1), End(ClockKind.Wall, 8));
    }

    [Fact]
    public void TheDeadline_EndsARun_WhoeverHasTheTurn()
    {
        var (outcome, _) = SmallProblem.Run(SmallProblem.Experiment(4, e => e with { Clock = ClockKind.Wall, Stop = new StopRule(Seconds: 0.5) }));

        Assert.Equal(RunEnd.Completed, outcome.End);
        Assert.InRange(outcome.Now, 500_000_000, 20_000_000_000);
        Assert.True(outcome.Updates > 0);
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
        var objective =
            new SmallProblem.Objective { BeforeGradient = _ => most = Math.Max(most, System.Diagnostics.Process.GetCurrentProcess().Threads.Count) };
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

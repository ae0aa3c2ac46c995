using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Engine.Tests;

/// <summary>A run that follows another's schedule is that run, bit for bit, at its times.</summary>
public sealed class RecordedClockTests
{
    [Theory]
    [InlineData(ClockKind.Wall, false, false, 1)]
    [InlineData(ClockKind.Wall, false, true, 2)]
    [InlineData(ClockKind.Wall, true, false, 2)]
    [InlineData(ClockKind.Wall, true, true, 1)]
    [InlineData(ClockKind.Virtual, false, true, 2)]
    [InlineData(ClockKind.Virtual, true, false, 1)]
    public void ARunOnARecordedSchedule_IsTheRecordedRun(ClockKind clock, bool overlap, bool cancels, int cores)
    {
        Experiment Fresh(int threads) => SmallProblem.Experiment(5, e => e with
        {
            Clock = clock,
            Cores = threads,
            OverlapPulls = overlap,
            Consistency = cancels ? new SmallProblem.FirstOf(3) : new SmallProblem.Asynchronous(),
            Evaluation = new EvaluationPlan(EveryUpdates: 7, EverySeconds: 0.004),
        });
        var (recorded, log) = SmallProblem.Run(Fresh(2));

        var (again, logAgain) = SmallProblem.Run(Fresh(cores) with { Schedule = ScheduleOf(log, 5) });

        Assert.Equal(log.Reproducible(), logAgain.Reproducible());
        Assert.Equal(Bits(recorded.Parameters), Bits(again.Parameters));
        Assert.Equal(recorded.InFlightStaleness, again.InFlightStaleness);
    }

    [Fact]
    public void WorkersThatLeave_LeaveAgain()
    {
        Experiment Fresh() => SmallProblem.Experiment(4, e => e with { Clock = ClockKind.Wall, Stop = new StopRule(Passes: 3) });
        var (_, log) = SmallProblem.Run(Fresh());

        var (again, logAgain) = SmallProblem.Run(Fresh() with { Schedule = ScheduleOf(log, 4) });

        Assert.Equal(RunEnd.Completed, again.End);
        Assert.Equal(log.Reproducible(), logAgain.Reproducible());
    }

    [Fact]
    public void AnotherRule_MeetsTheSameArrivals()
    {
        Experiment With(float momentum) =>
            SmallProblem.Experiment(4, e => e with { Clock = ClockKind.Wall, Update = e.Update with { Optimizer = new SmallProblem.HeavyBall(momentum) } });
        var (_, log) = SmallProblem.Run(With(0.9f));

        var (_, other) = SmallProblem.Run(With(0.2f) with { Schedule = ScheduleOf(log, 4) });

        Assert.Equal(log.Pushes.Select(Timeline), other.Pushes.Select(Timeline));
        Assert.NotEqual(log.Pushes[^1].Loss, other.Pushes[^1].Loss);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AScheduleCutShort_EndsTheRunThere(bool cancels)
    {
        Experiment Fresh() => SmallProblem.Experiment(5, e => e with { Consistency = cancels ? new SmallProblem.FirstOf(3) : new SmallProblem.Asynchronous() });
        var (_, log) = SmallProblem.Run(Fresh());
        for (var rows = 1; rows < 14; rows++)
        {
            var cut = new SmallProblem.Log();
            cut.Pushes.AddRange(log.Pushes.Take(rows));
            var last = cut.Pushes.FindLastIndex(p => p.Decision != PushDecision.Cancelled);

            var (outcome, again) = SmallProblem.Run(Fresh() with { Schedule = ScheduleOf(cut, 5), Evaluation = new EvaluationPlan() });

            Assert.Equal(RunEnd.Completed, outcome.End);
            Assert.Equal(cut.Pushes.Take(last + 1).Select(Timeline), again.Pushes.Take(last + 1).Select(Timeline));
            Assert.Equal(last, again.Pushes.FindLastIndex(p => p.Decision != PushDecision.Cancelled));
        }
    }

    [Fact]
    public void AScheduleOfAnotherConsistencyModel_IsFoundOut()
    {
        var (_, log) = SmallProblem.Run(SmallProblem.Experiment(4, e => e with { Consistency = new SmallProblem.FirstOf(2) }));

        var failure = Assert.Throws<EngineException>(() => SmallProblem.Run(SmallProblem.Experiment(4, e => e with { Schedule = ScheduleOf(log, 4) })));

        Assert.Contains("schedule does not fit", failure.Message);
    }

    [Fact]
    public void ARunOnASchedule_CanBeResumed()
    {
        Experiment Fresh() => SmallProblem.Experiment(5, e => e with { Clock = ClockKind.Wall });
        var (_, log) = SmallProblem.Run(Fresh());
        var schedule = ScheduleOf(log, 5);
        var first = new SmallProblem.Log();
        var checkpoint = new OneCheckpoint(20, first);
        using (var training = new Training(Fresh() with { Schedule = schedule }, first, new RunProgress(), checkpoint))
        {
            training.Run(TestContext.Current.CancellationToken);
        }

        var second = new SmallProblem.Log();
        second.Pushes.AddRange(first.Pushes.Take(checkpoint.Pushes));
        second.Evaluations.AddRange(first.Evaluations.Take(checkpoint.Evaluations));
        using var resumed = new Training(Fresh() with { Schedule = schedule }, second, new RunProgress());
        resumed.Restore(new MemoryStream(checkpoint.State));
        resumed.Run(TestContext.Current.CancellationToken);

        Assert.Equal(log.Reproducible(), second.Reproducible());
    }

    [Fact]
    public void AResumedRunOfTheWallClock_HasTheEvaluationsThatWereUnderWay()
    {
        Experiment Fresh() =>
            SmallProblem.Experiment(
                4, e => e with { Clock = ClockKind.Wall, Stop = new StopRule(Updates: 8), Evaluation = new EvaluationPlan(EveryUpdates: 1) });
        var first = new SmallProblem.Log();
        var checkpoint = new OneCheckpoint(4, first);
        using (var training = new Training(Fresh(), first, new RunProgress(), checkpoint))
        {
            training.Run(TestContext.Current.CancellationToken);
        }

        var second = new SmallProblem.Log();
        second.Evaluations.AddRange(first.Evaluations.Take(checkpoint.Evaluations));
        using var resumed = new Training(Fresh(), second, new RunProgress());
        resumed.Restore(new MemoryStream(checkpoint.State));
        resumed.Run(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 9).Select(version => (long)version), second.Evaluations.Select(e => e.Version));
    }

    [Theory]
    [InlineData(0, 0, 5, "gradient 0 of worker 0 follows its gradient 0")]
    [InlineData(4, 0, 5, "worker 4 does not exist")]
    [InlineData(-1, 0, 5, "worker -1 does not exist")]
    [InlineData(1, 1, 5, "gradient 1 of worker 1 follows its gradient -1")]
    [InlineData(1, 0, 3, "event 3 is an arrival that follows event 3")]
    public void RowsThatNoRunCanMake_EndTheSchedule(int worker, long gradient, long number, string expected)
    {
        var schedule = new RecordedSchedule(4);

        Assert.True(schedule.TryAdd(new ScheduledPush(3, 0, 0, false, 0, 10), out _));
        Assert.False(schedule.TryAdd(new ScheduledPush(number, worker, gradient, false, 0, 20), out var problem));
        Assert.Contains(expected, problem);
        Assert.Equal(1, schedule.Pushes);
    }

    [Theory]
    [InlineData(ClockKind.Virtual, false)]
    [InlineData(ClockKind.Wall, false)]
    [InlineData(ClockKind.Virtual, true)]
    public void WithoutAWorker_TheOthersKeepTheirBatchesOrderAndTimes(ClockKind clock, bool leaves)
    {
        Experiment Fresh() => SmallProblem.Experiment(4, e => e with { Clock = clock, Stop = leaves ? new StopRule(Passes: 3) : new StopRule(Updates: 60) });
        var (_, log) = SmallProblem.Run(Fresh());

        var (outcome, without) = SmallProblem.Run(Fresh() with { Absent = [1], Schedule = ScheduleOf(log, 4, 1) });

        Assert.Equal(RunEnd.Completed, outcome.End);
        Assert.Equal(log.Pushes.Where(p => p.Worker != 1).Select(Own), without.Pushes.Select(Own));
        Assert.Equal(Enumerable.Range(0, without.Pushes.Count).Select(version => (long)version), without.Pushes.Select(p => p.Version));
        Assert.Equal(without.Pushes.Count, log.Pushes.Count(p => p.Worker != 1));
        Assert.NotEqual(log.Pushes[^1].Loss, without.Pushes[^1].Loss);

        static object Own(PushRecord p) => (p.Worker, p.Gradient, p.Batch, p.Samples, p.PulledAt, p.ArrivedAt);
    }

    [Fact]
    public void OnTheVirtualClock_AnAbsentWorkerChangesNobodysTimes()
    {
        Experiment Fresh() => SmallProblem.Experiment(4, e => e with { Stop = new StopRule(Seconds: 0.2) });
        var (_, log) = SmallProblem.Run(Fresh());

        var (_, without) = SmallProblem.Run(Fresh() with { Absent = [2] });

        Assert.NotEmpty(without.Pushes);
        Assert.Equal(log.Pushes.Where(p => p.Worker != 2).Select(Own), without.Pushes.Select(Own));

        static object Own(PushRecord p) => (p.Worker, p.Batch, p.ArrivedAt);
    }

    internal static RecordedSchedule ScheduleOf(SmallProblem.Log log, int workers, params int[] absent)
    {
        var schedule = new RecordedSchedule(workers, absent);
        foreach (var p in log.Pushes)
        {
            Assert.True(
                schedule.TryAdd(new ScheduledPush(p.Event, p.Worker, p.Gradient, p.Decision == PushDecision.Cancelled, p.PulledAt, p.ArrivedAt),
                    out var problem), problem);
        }

        log.Evaluations.ForEach(e => schedule.Add(e));
        return schedule;
    }

    private static object Timeline(PushRecord p) =>
        (p.Event, p.PullEvent, p.Worker, p.Gradient, p.Batch, p.Samples, p.Decision, p.VersionPulled, p.Version, p.PulledAt, p.ArrivedAt);

    private static int[] Bits(float[] values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    private sealed class OneCheckpoint(int version, SmallProblem.Log log) : ICheckpoints
    {
        public byte[] State { get; private set; } = [];

        public int Pushes { get; private set; }

        public int Evaluations { get; private set; }

        public bool IsDue(long now) => State.Length == 0 && now >= version;

        public void Write(long now, Action<Stream> state)
        {
            // The record's length is taken first, as a run folder's is.
            (Pushes, Evaluations) = (log.Pushes.Count, log.Evaluations.Count);
            var stream = new MemoryStream();
            state(stream);
            State = stream.ToArray();
        }
    }
}

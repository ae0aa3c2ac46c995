using Orchestrator.Abstractions;

namespace Orchestrator.Engine.Tests;

public sealed class FailureTests
{
    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Wall)]
    public void AWorkersException_EndsTheRun_NamingWorkerAndVersion(ClockKind clock)
    {
        var calls = 0;
        var objective = new SmallProblem.Objective
        {
            BeforeGradient = _ =>
            {
                if (Interlocked.Increment(ref calls) == 20)
                {
                    throw new InvalidOperationException("boom");
                }
            },
        };
        var failure = Assert.Throws<WorkerFailedException>(
            () => SmallProblem.Run(SmallProblem.Experiment(3, e => e with { Objective = objective, Clock = clock })));

        Assert.InRange(failure.Worker, 0, 2);
        Assert.Contains($"Worker {failure.Worker}", failure.Message);
        Assert.Contains($"version {failure.Version}", failure.Message);
        Assert.Contains("boom", failure.Message);
    }

    [Fact]
    public void AnEvaluation_ThatThrows_EndsTheRunWithWhatItThrew()
    {
        var objective = new SmallProblem.Objective { BeforeEvaluation = () => throw new InvalidOperationException("boom") };

        Assert.Equal("boom", Assert.Throws<InvalidOperationException>(() => SmallProblem.Run(SmallProblem.Experiment(1, e => e with { Objective = objective }))).Message);
    }

    [Fact]
    public void AnEvaluationInTheBackground_ThatThrows_EndsTheRunAtOnce()
    {
        using var failed = new ManualResetEventSlim();
        var gradients = 0;
        var objective = new SmallProblem.Objective
        {
            BeforeGradient = _ =>
            {
                if (Interlocked.Increment(ref gradients) == 50)
                {
                    failed.Wait(TestContext.Current.CancellationToken);
                }
            },
            BeforeEvaluation = () =>
            {
                failed.Set();
                throw new InvalidOperationException("boom");
            },
        };
        var log = new SmallProblem.Log();
        var experiment = SmallProblem.Experiment(1, e => e with { Clock = ClockKind.Wall, Objective = objective, Stop = new StopRule(Updates: 100_000) });
        using var training = new Training(experiment, log, new RunProgress());

        Assert.Equal("boom", Assert.Throws<InvalidOperationException>(() => training.Run(TestContext.Current.CancellationToken)).Message);
        Assert.InRange(log.Pushes.Count, 0, 99_999);
    }

    [Fact]
    public void APush_ThatWouldArriveAfterTheClocksEnd_EndsTheRun_NamingWorkerAndTime()
    {
        var delays = new WorkerDelays(new DelaySet(new SmallProblem.Fixed(4e12), null, null), new Dictionary<int, DelaySet>());
        var failure = Assert.Throws<EngineException>(() => SmallProblem.Run(SmallProblem.Experiment(2, e => e with { Delays = delays })));

        Assert.Contains("worker 0: what it pulled at version 3, virtual time 8000000000.000 s", failure.Message);
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Wall)]
    public void Cancellation_EndsTheRun_AsInterrupted(ClockKind clock)
    {
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var objective = new SmallProblem.Objective
        {
            BeforeGradient = _ =>
            {
                if (Interlocked.Increment(ref calls) == 50)
                {
                    stop.Cancel();
                }
            },
        };
        var (outcome, log) = SmallProblem.RunUntil(
            SmallProblem.Experiment(3, e => e with { Objective = objective, Clock = clock, Stop = new StopRule(Updates: long.MaxValue) }), stop.Token);

        Assert.Equal(RunEnd.Interrupted, outcome.End);
        Assert.Equal(outcome.Updates, log.Evaluations[^1].Version);
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Wall)]
    public void ANonFiniteGradient_EndsTheRun_AsDiverged(ClockKind clock)
    {
        var (outcome, _) = SmallProblem.Run(SmallProblem.Experiment(2, e => e with { Clock = clock, Update = e.Update with { LearningRate = 1e30 } }));

        Assert.Equal(RunEnd.Diverged, outcome.End);
        Assert.InRange(outcome.Updates, 1, 59);
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Wall)]
    public void AModelThatReleasesNobody_IsAnError_NotAHang(ClockKind clock)
    {
        var failure = Assert.Throws<EngineException>(
            () => SmallProblem.Run(SmallProblem.Experiment(2, e => e with { Clock = clock, Consistency = new Scripted(d => d.Apply()) })));

        Assert.Contains("released nobody", failure.Message);
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Wall)]
    public void AModelThatReleasesABusyWorker_IsAnError(ClockKind clock)
    {
        var failure = Assert.Throws<EngineException>(() =>
            SmallProblem.Run(SmallProblem.Experiment(2, e => e with { Clock = clock, Consistency = new Scripted(d => d.Apply().Release(0).Release(1)) })));

        Assert.Contains("is computing", failure.Message);
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Wall)]
    public void AModelThatDecidesNothing_IsAnError(ClockKind clock)
    {
        var failure = Assert.Throws<EngineException>(
            () => SmallProblem.Run(SmallProblem.Experiment(2, e => e with { Clock = clock, Consistency = new Scripted(_ => { }) })));

        Assert.Contains("neither apply, buffer nor drop", failure.Message);
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Wall)]
    public void ADelayModelThatDrawsNonsense_IsAnError(ClockKind clock)
    {
        var delays = new WorkerDelays(new DelaySet(new SmallProblem.Fixed(double.NaN), null, null), new Dictionary<int, DelaySet>());
        var failure = Assert.Throws<EngineException>(() => SmallProblem.Run(SmallProblem.Experiment(2, e => e with { Clock = clock, Delays = delays })));

        Assert.Contains("NaN ms for worker 0", failure.Message);
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Wall)]
    public void ARecorderThatFails_EndsTheRun(ClockKind clock)
    {
        using var training = new Training(SmallProblem.Experiment(2, e => e with { Clock = clock }), new Broken(), new RunProgress());

        Assert.Throws<IOException>(() => training.Run(TestContext.Current.CancellationToken));
    }

    private sealed class Scripted(Action<Decision> script) : IConsistency
    {
        public bool TakesMean => false;

        public void Attach(int workers, RuleState state)
        {
        }

        public void Arrived(in Arrival arrival, Decision decision) => script(decision);

        public void Left(int worker, Decision decision)
        {
        }
    }

    private sealed class Broken : IRecorder
    {
        public void Push(in PushRecord record) => throw new IOException("No space left on device");

        public void Evaluation(in EvaluationRecord record)
        {
        }

        public void Event(RunEvent record)
        {
        }
    }
}

using System.Runtime.InteropServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine.Tests;

public sealed class VirtualClockTests
{
    [Fact]
    public void OneWorker_IsSequentialDescent_BitForBit()
    {
        var experiment = SmallProblem.Experiment(1);
        var (outcome, log) = SmallProblem.Run(experiment);

        // The oracle: a plain loop.
        var streams = new RandomStreams(experiment.Seed);
        var theta = new float[SmallProblem.Length];
        var velocity = new float[SmallProblem.Length];
        var gradient = new float[SmallProblem.Length];
        experiment.Objective.Initialize(streams.Open("init"), theta, default);
        var order = new BatchOrder(experiment.Partitions, experiment.Workers, experiment.BatchSize, streams);
        using var replica = experiment.Objective.CreateReplica(4);
        var rows = new int[4];
        for (var step = 0; step < 60; step++)
        {
            var count = order.Rows(0, step, rows, new RandomStream(default), new int[BatchOrder.ScratchLength]);
            var inputs = new float[count];
            experiment.Data.Train.Gather(rows.AsSpan(0, count), inputs);
            replica.Gradient(theta, default, new Batch(inputs, default, count), streams.Open("dropout", 0, step), gradient, default);
            for (var i = 0; i < theta.Length; i++)
            {
                velocity[i] = (0.9f * velocity[i]) + gradient[i];
                theta[i] -= 0.01f * velocity[i];
            }
        }

        Assert.Equal(60, outcome.Updates);
        Assert.All(log.Pushes, p => Assert.Equal(0, p.Staleness));
        Assert.Equal(Bits(theta), Bits(outcome.Parameters));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(8, false)]
    [InlineData(3, true)]
    public void Records_AreTheSame_WithAnyNumberOfCores(int cores, bool overlap)
    {
        var (outcome, log) = SmallProblem.Run(SmallProblem.Experiment(6, e => e with { Cores = 2, OverlapPulls = overlap }));
        var (other, otherLog) = SmallProblem.Run(SmallProblem.Experiment(6, e => e with { Cores = cores, OverlapPulls = overlap }));

        Assert.Equal(log.Reproducible(), otherLog.Reproducible());
        Assert.Equal(Bits(outcome.Parameters), Bits(other.Parameters));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    public void Staleness_IsConserved(int workers)
    {
        var (outcome, log) = SmallProblem.Run(SmallProblem.Experiment(workers, e => e with { Stop = new StopRule(Updates: 300) }));

        var arrived = log.Pushes.Sum(p => p.Staleness);
        Assert.Equal((workers - 1) * outcome.Updates, arrived + outcome.InFlightStaleness);
    }

    [Fact]
    public void OverlappedPulls_AddTheWorkersOwnPush_ToItsStaleness()
    {
        var (_, log) = SmallProblem.Run(SmallProblem.Experiment(5, e => e with { OverlapPulls = true, Stop = new StopRule(Updates: 600) }));

        Assert.InRange(log.Pushes.Average(p => p.Staleness), 4.9, 5.0);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 0.01)]
    [InlineData(4, 0)]
    [InlineData(4, 0.01)]
    public void Tiles_ChangeNoBit(int workers, double weightDecay)
    {
        Experiment With(bool elementWise) => SmallProblem.Experiment(workers, e => e with
        {
            Update = e.Update with { Optimizer = new SmallProblem.HeavyBall(0.9f) { ElementWise = elementWise }, WeightDecay = weightDecay },
        });
        var (tiled, tiledLog) = SmallProblem.Run(With(true));
        var (whole, wholeLog) = SmallProblem.Run(With(false));

        Assert.Equal(Bits(tiled.Parameters), Bits(whole.Parameters));
        Assert.Equal(tiledLog.Reproducible(), wholeLog.Reproducible());
    }

    // The server sums a gap only where it does not know it already.
    [Theory]
    [InlineData(1, 0, 0.01)]
    [InlineData(2, 0, 0.01)]
    [InlineData(3, 0, 0.01)]
    [InlineData(8, 0, 0.01)]
    [InlineData(4, 3, 0.01)]
    [InlineData(1, 0, 1e30)]
    [InlineData(2, 0, 1e30)]
    [InlineData(4, 3, 1e30)]
    public void Norms_AreThoseOfTheVersions_BitForBit(int workers, int synchronous, double learningRate)
    {
        var optimizer = new SmallProblem.Remembering();
        var (outcome, log) = SmallProblem.Run(SmallProblem.Experiment(workers, e => e with
        {
            Update = e.Update with { Optimizer = optimizer, LearningRate = learningRate },
            Consistency = synchronous > 0 ? new SmallProblem.FirstOf(synchronous) : e.Consistency,
        }));

        // A run that diverges ends early.
        Assert.Equal(learningRate > 1, outcome.Updates < 60);
        Assert.Equal(outcome.Updates + 1, optimizer.Versions.Count);
        foreach (var push in log.Pushes.Where(p => p.Decision != PushDecision.Cancelled))
        {
            var (pulled, met) = (optimizer.Versions[(int)push.VersionPulled], optimizer.Versions[(int)push.Version]);
            Assert.Equal(Math.Sqrt(FixedOrder.SumOfSquaredDifferences(met, pulled) / SmallProblem.Length), push.GapRms);
            if (push.Decision == PushDecision.Applied)
            {
                Assert.Equal(Math.Sqrt(FixedOrder.SumOfSquaredDifferences(optimizer.Versions[(int)push.Version + 1], met)), push.UpdateNorm);
            }

            if (synchronous == 0)
            {
                Assert.Equal(Math.Sqrt(FixedOrder.SumOfSquares(optimizer.Gradients[(int)push.Version])), push.GradientNorm);
            }
        }
    }

    [Fact]
    public void Cancelled_WorkLeavesTheLog_AndIsNotApplied()
    {
        var (outcome, log) = SmallProblem.Run(
            SmallProblem.Experiment(5, e => e with { Consistency = new SmallProblem.FirstOf(3), Stop = new StopRule(Updates: 20) }));

        Assert.Equal(20, log.Pushes.Count(p => p.Decision == PushDecision.Applied));
        Assert.Equal(40, log.Pushes.Count(p => p.Decision == PushDecision.Buffered));
        Assert.Equal(40, log.Pushes.Count(p => p.Decision == PushDecision.Cancelled));
        Assert.All(log.Pushes.Where(p => p.Decision != PushDecision.Cancelled), p => Assert.Equal(0, p.Staleness));
        Assert.All(log.Pushes.Where(p => p.Decision == PushDecision.Cancelled), p => Assert.True(double.IsNaN(p.Loss) && double.IsNaN(p.GapRms)));
        Assert.Equal(20, outcome.Updates);

        // A cancelled push has used its batch and its number.
        foreach (var worker in log.Pushes.GroupBy(p => p.Worker))
        {
            Assert.Equal(Enumerable.Range(0, worker.Count()).Select(i => (long)i), worker.Select(p => p.Gradient).Order());
        }
    }

    [Fact]
    public void MeanOverAll_DoesNotDependOnDelays()
    {
        static Experiment With(IDelay compute) => SmallProblem.Experiment(5, e => e with
        {
            Consistency = new SmallProblem.FirstOf(5),
            Delays = new WorkerDelays(new DelaySet(compute, null, null), new Dictionary<int, DelaySet>()),
        });
        var (spread, _) = SmallProblem.Run(With(new SmallProblem.Spread()));
        var (equal, _) = SmallProblem.Run(With(new SmallProblem.Fixed(3)));

        Assert.Equal(Bits(spread.Parameters), Bits(equal.Parameters));
    }

    [Fact]
    public void EqualTimes_AreTakenInWorkerOrder()
    {
        var (_, log) = SmallProblem.Run(SmallProblem.Experiment(4, e => e with
        {
            Delays = new WorkerDelays(new DelaySet(new SmallProblem.Fixed(1), null, null), new Dictionary<int, DelaySet>()),
            Stop = new StopRule(Updates: 12),
        }));

        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3], log.Pushes.Select(p => p.Worker));
        Assert.Equal([1_000_000, 2_000_000, 3_000_000], log.Pushes.Select(p => p.ArrivedAt).Distinct());
    }

    [Fact]
    public void Passes_EndEachWorkerAfterItsOwn()
    {
        var (_, log) = SmallProblem.Run(SmallProblem.Experiment(4, e => e with { Stop = new StopRule(Passes: 3) }));

        Assert.Equal(3 * SmallProblem.TrainCount, log.Pushes.Sum(p => p.Samples));
        Assert.All(log.Pushes.GroupBy(p => p.Worker), worker => Assert.Equal(45, worker.Sum(p => p.Samples)));
    }

    [Fact]
    public void Pulls_AndArrivals_ShareOneSequence()
    {
        var (_, log) = SmallProblem.Run(SmallProblem.Experiment(3));

        var numbers = log.Pushes.SelectMany(p => new[] { p.Event, p.PullEvent }).ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.All(log.Pushes, p => Assert.True(p.PullEvent < p.Event));
        Assert.Equal([1, 2, 3], log.Pushes.Where(p => p.Gradient == 0).OrderBy(p => p.Worker).Select(p => p.PullEvent));
    }

    [Fact]
    public void Deadline_IsVirtualTime()
    {
        var (outcome, log) = SmallProblem.Run(SmallProblem.Experiment(3, e => e with { Stop = new StopRule(Seconds: 0.05) }));

        Assert.Equal(RunEnd.Completed, outcome.End);
        Assert.All(log.Pushes, p => Assert.InRange(p.ArrivedAt, 0, 50_000_000));
        Assert.True(log.Pushes[^1].ArrivedAt > 45_000_000);
    }

    // The product of 1.001 and 1e9 is a little less than 1,001,000,000.
    [Fact]
    public void Deadline_IsTheNearestNanosecond()
    {
        var (outcome, _) = SmallProblem.Run(SmallProblem.Experiment(1, e => e with
        {
            Delays = new WorkerDelays(new DelaySet(new SmallProblem.Fixed(91), null, null), new Dictionary<int, DelaySet>()),
            Stop = new StopRule(Seconds: 1.001),
        }));

        Assert.Equal((11, 1_001_000_000), (outcome.Updates, outcome.Now));
    }

    [Theory]
    [InlineData(0.01, RunEnd.Completed)]
    [InlineData(1e300, RunEnd.Diverged)]
    public void AnUpdateThatIsMade_WhenTheLastWorkerLeaves_Counts(double learningRate, RunEnd end)
    {
        var progress = new RunProgress();
        using var training = new Training(
            SmallProblem.Experiment(2, e => e with
            {
                Update = e.Update with { LearningRate = learningRate },
                Consistency = new AtTheEnd(),
                Stop = new StopRule(Passes: 1),
            }),
            new SmallProblem.Log(), progress);

        var outcome = training.Run(TestContext.Current.CancellationToken);

        Assert.Equal((end, 1), (outcome.End, outcome.Updates));
        Assert.Equal((1, 1.0), (progress.Updates, progress.Epoch));
    }

    [Fact]
    public void Evaluations_AreTakenAtMarks_AndAtTheEnd()
    {
        var (_, log) = SmallProblem.Run(SmallProblem.Experiment(3));

        Assert.Equal([0, 25, 50, 60], log.Evaluations.Select(e => e.Version));
    }

    private static int[] Bits(float[] values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    /// <summary>Every push is held until the last worker leaves.</summary>
    private sealed class AtTheEnd : IConsistency
    {
        private long[] left = [];
        private int workers;

        public bool TakesMean => true;

        public void Attach(int count, RuleState state) => (workers, left) = (count, state.Integers("left", 1));

        public void Arrived(in Arrival arrival, Decision decision) => decision.Buffer().Release(arrival.Worker);

        public void Left(int worker, Decision decision)
        {
            if (++left[0] == workers)
            {
                decision.ApplyBuffered();
            }
        }
    }
}

using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Engine.Tests;

/// <summary>
/// A run that is told to stop keeps what it has, at once, and another process goes on as if nothing
/// had been.
/// </summary>
public sealed class InterruptionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 23)]
    [InlineData(2, 24)]
    [InlineData(3, 60)]
    public void ARunThatIsStopped_DoesNotWaitForGradients_AndIsResumedExactly(int cores, int at)
    {
        static Experiment Fresh(int cores, SmallProblem.Objective objective) =>
            SmallProblem.Experiment(5, e => e with { Cores = cores, Objective = objective });
        var (whole, wholeLog) = SmallProblem.Run(Fresh(cores, new SmallProblem.Objective()));
        using var stop = new CancellationTokenSource();
        using var computed = new ManualResetEventSlim();
        var gradients = 0;
        var objective = new SmallProblem.Objective
        {
            BeforeGradient = _ =>
            {
                // From here on every gradient takes for ever.
                if (Interlocked.Increment(ref gradients) >= at)
                {
                    stop.Cancel();
                    computed.Wait(TestContext.Current.CancellationToken);
                }
            },
        };
        var first = new SmallProblem.Log();
        var checkpoints = new Last(first);
        var training = new Training(Fresh(cores, objective), first, new RunProgress(), checkpoints);
        var outcome = training.Run(stop.Token);
        training.Dispose();

        Assert.Equal(RunEnd.Interrupted, outcome.End);
        AssertGoesOn(Fresh(cores, new SmallProblem.Objective()), first, checkpoints, whole, wholeLog);
        computed.Set();
    }

    [Fact]
    public void AGradientThatEnds_WhileTheCheckpointIsWritten_IsNotTaken()
    {
        using var stop = new CancellationTokenSource();
        using var written = new ManualResetEventSlim();
        using var told = new ManualResetEventSlim();
        using var freed = new ManualResetEventSlim();
        var gradients = 0;
        var objective = new SmallProblem.Objective
        {
            BeforeGradient = _ =>
            {
                if (++gradients == 12)
                {
                    // Whoever asked to be told of the stop is told late; the last to ask is told
                    // first.
                    stop.Token.Register(() => told.Wait(TestContext.Current.CancellationToken));
                    new Thread(stop.Cancel).Start();
                    written.Wait(TestContext.Current.CancellationToken);
                }
            },
            WhenFreed = freed.Set,
        };
        static Experiment Fresh(SmallProblem.Objective objective) => SmallProblem.Experiment(5, e => e with { Cores = 1, Objective = objective });
        var (whole, wholeLog) = SmallProblem.Run(Fresh(new SmallProblem.Objective()));
        var log = new SmallProblem.Log();
        var checkpoints = new Last(log) { WhenWriting = written.Set };
        var training = new Training(Fresh(objective), log, new RunProgress(), checkpoints);
        Assert.Equal(RunEnd.Interrupted, training.Run(stop.Token).End);
        training.Dispose();
        freed.Wait(TestContext.Current.CancellationToken);
        told.Set();

        Assert.Equal(checkpoints.Pushes, log.Pushes.Count);
        AssertGoesOn(Fresh(new SmallProblem.Objective()), log, checkpoints, whole, wholeLog);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARunThatIsStopped_WhileItIsEvaluated_IsResumedExactly(bool means)
    {
        Experiment Fresh(SmallProblem.Objective objective) => SmallProblem.Experiment(5, e => e with
        {
            Objective = objective,
            Consistency = means ? new SmallProblem.FirstOf(3) : new SmallProblem.Asynchronous(),
            Evaluation = new EvaluationPlan(EveryUpdates: 2),
            Stop = new StopRule(Passes: 4),
        });
        var evaluations = 0;
        var (whole, wholeLog) = SmallProblem.Run(Fresh(new SmallProblem.Objective { BeforeEvaluation = () => evaluations++ }));

        Assert.InRange(evaluations, 5, 80);
        for (var at = 1; at <= evaluations; at++)
        {
            using var stop = new CancellationTokenSource();
            var left = at;
            var objective = new SmallProblem.Objective
            {
                BeforeEvaluation = () =>
                {
                    if (--left == 0)
                    {
                        stop.Cancel();
                    }
                },
            };
            var first = new SmallProblem.Log();
            var checkpoints = new Last(first);
            using (var training = new Training(Fresh(objective), first, new RunProgress(), checkpoints))
            {
                Assert.Equal(RunEnd.Interrupted, training.Run(stop.Token).End);
            }

            AssertGoesOn(Fresh(new SmallProblem.Objective()), first, checkpoints, whole, wholeLog);
        }
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Wall)]
    public void ARunThatIsStopped_WhileWhatDivergedIsEvaluated_HasTheEvaluation(ClockKind clock)
    {
        using var stop = new CancellationTokenSource();
        var objective = new SmallProblem.Objective { BeforeEvaluation = stop.Cancel };
        Experiment Fresh(SmallProblem.Objective objective) => SmallProblem.Experiment(1, e => e with
        {
            Clock = clock,
            Objective = objective,
            Update = new UpdateRule(new SmallProblem.HeavyBall(0.9f), [], [], 1e30, 0),
            Evaluation = new EvaluationPlan(EveryUpdates: 1_000, AtStart: false),
            Stop = new StopRule(Updates: 900),
        });
        var (whole, wholeLog) = SmallProblem.Run(Fresh(new SmallProblem.Objective()));
        var log = new SmallProblem.Log();
        using var training = new Training(Fresh(objective), log, new RunProgress(), new Last(log));

        Assert.Equal(RunEnd.Diverged, whole.End);
        Assert.Equal(RunEnd.Diverged, training.Run(stop.Token).End);
        Assert.Equal(Assert.Single(wholeLog.Evaluations).Version, Assert.Single(log.Evaluations).Version);
        Assert.Equal(wholeLog.Pushes.Count, log.Pushes.Count);
    }

    [Fact]
    public void ACheckpointOnDemand_DoesNotWaitForAGradient()
    {
        using var reached = new ManualResetEventSlim();
        using var computed = new ManualResetEventSlim();
        var gradients = 0;
        var objective = new SmallProblem.Objective
        {
            BeforeGradient = _ =>
            {
                if (Interlocked.Increment(ref gradients) == 12)
                {
                    reached.Set();
                    computed.Wait(TestContext.Current.CancellationToken);
                }
            },
        };
        static Experiment Fresh(SmallProblem.Objective objective) => SmallProblem.Experiment(4, e => e with { Cores = 1, Objective = objective });
        var log = new SmallProblem.Log();
        var checkpoints = new Last(log);
        using var training = new Training(Fresh(objective), log, new RunProgress(), checkpoints);
        var whole = default(Outcome);
        var run = new Thread(() => whole = training.Run(TestContext.Current.CancellationToken));
        run.Start();
        reached.Wait(TestContext.Current.CancellationToken);
        training.WriteCheckpointNow();

        Assert.InRange(checkpoints.Pushes, 1, 11);
        computed.Set();
        run.Join();
        Assert.Equal(RunEnd.Completed, whole!.End);
        AssertGoesOn(Fresh(new SmallProblem.Objective()), log, checkpoints, whole, log);
    }

    private static void AssertGoesOn(Experiment fresh, SmallProblem.Log before, Last checkpoint, Outcome whole, SmallProblem.Log wholeLog)
    {
        var log = new SmallProblem.Log();
        log.Pushes.AddRange(before.Pushes.Take(checkpoint.Pushes));
        log.Evaluations.AddRange(before.Evaluations.Take(checkpoint.Evaluations));
        using var resumed = new Training(fresh, log, new RunProgress());
        resumed.Restore(new MemoryStream(checkpoint.State));
        var outcome = resumed.Run(TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.Completed, outcome.End);
        Assert.Equal(wholeLog.Reproducible(), log.Reproducible());
        Assert.Equal(MemoryMarshal.Cast<float, int>(whole.Parameters).ToArray(), MemoryMarshal.Cast<float, int>(outcome.Parameters).ToArray());
    }

    /// <summary>Keeps the last checkpoint; none is due.</summary>
    private sealed class Last(SmallProblem.Log log) : ICheckpoints
    {
        public byte[] State { get; private set; } = [];

        public int Pushes { get; private set; }

        public int Evaluations { get; private set; }

        public Action? WhenWriting { get; init; }

        public bool IsDue(long version) => false;

        public void Write(long version, Action<Stream> state)
        {
            (Pushes, Evaluations) = (log.Pushes.Count, log.Evaluations.Count);
            WhenWriting?.Invoke();
            var stream = new MemoryStream();
            state(stream);
            State = stream.ToArray();
        }
    }
}

using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Engine.Tests;

public sealed class CheckpointTests
{
    [Theory]
    [InlineData(1, false, false)]
    [InlineData(17, false, false)]
    [InlineData(17, true, false)]
    [InlineData(31, false, true)]
    [InlineData(59, true, true)]
    public void AResumedRun_IsTheUninterruptedRun(int at, bool overlap, bool means)
    {
        Experiment Fresh() => SmallProblem.Experiment(5, e => e with
        {
            OverlapPulls = overlap,
            Consistency = means ? new SmallProblem.FirstOf(3) : new SmallProblem.Asynchronous(),
            Evaluation = new EvaluationPlan(EveryUpdates: 7),
        });
        var (whole, wholeLog) = SmallProblem.Run(Fresh());

        using var stop = new CancellationTokenSource();
        var first = new SmallProblem.Log();
        var checkpoints = new StopAt(at, first, stop);
        using (var training = new Training(Fresh(), first, new RunProgress(), checkpoints))
        {
            training.Run(stop.Token);
        }

        var second = new SmallProblem.Log();
        second.Pushes.AddRange(first.Pushes.Take(checkpoints.Pushes));
        second.Evaluations.AddRange(first.Evaluations.Take(checkpoints.Evaluations));
        var progress = new RunProgress();
        using var resumed = new Training(Fresh(), second, progress);
        resumed.Restore(new MemoryStream(checkpoints.State));
        Assert.InRange(progress.ContinuedFrom, 1, at);
        Assert.Equal((progress.ContinuedFrom, 5), (progress.Updates, progress.Workers));
        var outcome = resumed.Run(TestContext.Current.CancellationToken);

        Assert.Equal(wholeLog.Reproducible(), second.Reproducible());
        Assert.Equal(MemoryMarshal.Cast<float, int>(whole.Parameters).ToArray(), MemoryMarshal.Cast<float, int>(outcome.Parameters).ToArray());
    }

    [Fact]
    public void ACheckpointOfAnotherExperiment_IsRefused()
    {
        using var stop = new CancellationTokenSource();
        var log = new SmallProblem.Log();
        var checkpoints = new StopAt(5, log, stop);
        using (var training = new Training(SmallProblem.Experiment(5), log, new RunProgress(), checkpoints))
        {
            training.Run(stop.Token);
        }

        using var other = new Training(SmallProblem.Experiment(6), log, new RunProgress());

        Assert.Throws<InvalidDataException>(() => other.Restore(new MemoryStream(checkpoints.State)));
    }

    [Fact]
    public void AnEvaluation_OfAVersionThatIsGone_IsNotWritten()
    {
        var experiment = SmallProblem.Experiment(1);
        using var server = new ParameterServer(experiment, experiment.Streams, length => new NativeVector(length));
        using var evaluations = new Evaluations(experiment, new SmallProblem.Log(), new RunProgress());
        using var gradient = new NativeVector(SmallProblem.Length);
        evaluations.AtStart(server);
        evaluations.Save(new BinaryWriter(Stream.Null), server);

        server.Apply(new InFlightPush { Sent = server.Send(0, 0), Samples = 4, Result = gradient });

        var thrown = Assert.Throws<InvalidOperationException>(() => evaluations.Save(new BinaryWriter(Stream.Null), server));
        Assert.Contains("version 0", thrown.Message);
    }

    /// <summary>
    /// Takes one checkpoint and stops the run some arrivals later, as a crash would.
    /// </summary>
    private sealed class StopAt(int version, SmallProblem.Log log, CancellationTokenSource stop) : ICheckpoints
    {
        private int after;

        public byte[] State { get; private set; } = [];

        public int Pushes { get; private set; }

        public int Evaluations { get; private set; }

        public bool IsDue(long now)
        {
            if (State.Length > 0 && ++after == 4)
            {
                stop.Cancel();
            }

            return State.Length == 0 && now >= version;
        }

        public void Write(long now, Action<Stream> state)
        {
            if (State.Length > 0)
            {
                return;
            }

            var stream = new MemoryStream();
            state(stream);
            (State, Pushes, Evaluations) = (stream.ToArray(), log.Pushes.Count, log.Evaluations.Count);
        }
    }
}

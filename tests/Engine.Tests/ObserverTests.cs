using Orchestrator.Abstractions;
using Orchestrator.Observation;

namespace Orchestrator.Engine.Tests;

public sealed class ObserverTests
{
    [Fact]
    public void Observers_SeeWhatTheRecorderSees()
    {
        var (seen, log) = Observe(SmallProblem.Experiment(3), new Watcher());

        Assert.Equal(log.Pushes, seen.Pushes.Select(p => p.Record));
        Assert.Equal(log.Evaluations, seen.Evaluations);
        Assert.Equal(log.Events, seen.Events);
    }

    [Fact]
    public void StagesOfAPush_FollowEachOther()
    {
        var (seen, _) = Observe(SmallProblem.Experiment(3), new Watcher());

        Assert.All(seen.Pushes, push =>
        {
            var t = push.Times;
            long[] stages = [1, t.Pulled, t.Posted, t.Started, t.Computed, t.Received, t.Taken, t.Handled];
            Assert.Equal(stages.Order(), stages);
            Assert.Equal(push.Record.ComputeTime, t.Computed - t.Started);
            Assert.Equal(0, t.Wire);
            Assert.Equal(t.Started - t.Posted + t.Taken - t.Computed, t.Queue);
        });
    }

    [Fact]
    public void AnObserverThatThrows_ChangesNothing_AndIsNamed()
    {
        var plain = SmallProblem.Run(SmallProblem.Experiment(3)).Log;
        var fault = new InvalidOperationException("broken");
        using var stream = new ObserverStream([new Watcher { OnPush = () => throw fault }]);
        var watched = SmallProblem.Run(SmallProblem.Experiment(3) with { Observer = stream }).Log;
        stream.Close(10_000);

        Assert.Equal(plain.Reproducible(), watched.Reproducible());
        Assert.Same(fault, stream.Fault);
    }

    [Fact]
    public void AStuckObserver_HoldsNothingBack_AndWhatItMissedIsCounted()
    {
        using var never = new ManualResetEventSlim();
        var watcher = new Watcher { OnPush = () => never.Wait(TestContext.Current.CancellationToken) };
        using var stream = new ObserverStream([watcher], capacity: 8);
        var log = SmallProblem.Run(SmallProblem.Experiment(3) with { Observer = stream }).Log;

        stream.Close(1);
        var dropped = stream.Dropped;
        Assert.InRange(dropped, 1, log.Pushes.Count);
        Assert.InRange(watcher.Pushes.Count + dropped, log.Pushes.Count - 1, log.Pushes.Count);
        never.Set();
    }

    [Fact]
    public void Progress_CountsWorkersAndHosts()
    {
        var progress = new RunProgress();
        using var training = new Training(SmallProblem.Experiment(3) with { Stop = new StopRule(Passes: 1) }, new SmallProblem.Log(), progress);
        Assert.Equal((3, 1), (progress.Workers, progress.Hosts));

        training.Run(TestContext.Current.CancellationToken);
        Assert.Equal((0, 1), (progress.Workers, progress.Hosts));
    }

    private static (Watcher Seen, SmallProblem.Log Log) Observe(Experiment experiment, Watcher watcher)
    {
        using var stream = new ObserverStream([watcher]);
        var log = SmallProblem.Run(experiment with { Observer = stream }).Log;
        stream.Close(10_000);
        Assert.Equal(0, stream.Dropped);
        return (watcher, log);
    }

    private sealed class Watcher : IRunObserver
    {
        public List<(PushRecord Record, PushTimes Times)> Pushes { get; } = [];

        public List<EvaluationRecord> Evaluations { get; } = [];

        public List<RunEvent> Events { get; } = [];

        public Action? OnPush { get; init; }

        public void Pushed(in PushRecord record, in PushTimes times)
        {
            Pushes.Add((record, times));
            OnPush?.Invoke();
        }

        public void Evaluated(in EvaluationRecord record) => Evaluations.Add(record);

        public void Happened(RunEvent record) => Events.Add(record);
    }
}

using System.Runtime.ExceptionServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

// Longer than other files on purpose: the algorithm is read in one place, from top to bottom.

/// <summary>
/// The algorithm. Worker: on what I am sent, take my next batch, compute, push it with the version
/// I was given. Server: on an arrival, ask the consistency model; correct, apply, count, record;
/// release who may go on, sending parameters. One thread at a time owns all of this
/// (<see cref="ServerLock"/>); the clock decides in which order pushes arrive, and nothing else.
/// </summary>
public sealed class Training : IDisposable
{
    private static readonly WorkerDelays NoDelays = new(new DelaySet(null, null, null), new Dictionary<int, DelaySet>());

    private readonly Experiment experiment;
    private readonly RunProgress progress;
    private readonly ICheckpoints? checkpoints;
    private readonly IServerEnd link;
    private readonly ServerLock serverLock = new();
    private readonly ParameterServer server;
    private readonly WorkerTable workers;
    private readonly WorkerRuleShape shape;
    private readonly BatchOrder batches;
    private readonly DurationSource durations;
    private readonly RuleState consistencyState;
    private readonly Decision decision = new();
    private readonly Dispatcher dispatcher;
    private readonly Clock clock;
    private readonly LocalCores? cores;
    private readonly RunRecords records;
    private readonly Evaluations evaluations;
    private readonly TrainingState state;
    private readonly Thread serving;
    private readonly ManualResetEvent served = new(false);

    // With the server lock.
    private long events;
    private (long Version, double Epoch) lastLook;
    private RunEnd? end;
    private ExceptionDispatchInfo? fault;
    private bool isResumed;
    private bool isServing;
    private volatile bool isInterrupted;

    /// <param name="experiment">What to run. Its plugin instances must be fresh: they keep
    /// state.</param>
    /// <param name="recorder">Takes every record.</param>
    /// <param name="progress">Told where the run is.</param>
    /// <param name="checkpoints">Asked after each arrival whether to write a checkpoint; null
    /// writes none.</param>
    public Training(Experiment experiment, IRecorder recorder, RunProgress progress, ICheckpoints? checkpoints = null)
    {
        (this.experiment, this.progress, this.checkpoints) = (experiment, progress, checkpoints);
        var streams = experiment.Streams;
        batches = new BatchOrder(experiment.Partitions, experiment.Workers, experiment.BatchSize, streams);
        durations = new DurationSource(experiment.Schedule is null ? experiment.Delays : NoDelays, experiment.Workers, streams);
        shape = WorkerRuleShape.Of(experiment);
        workers = new WorkerTable(experiment.Workers, shape.StateLength);
        consistencyState = new RuleState(0, experiment.Workers);
        experiment.Consistency.Attach(experiment.Workers, consistencyState);
        link = experiment.Transport.Listen(Terms());
        try
        {
            server = new ParameterServer(experiment, streams, link.CreateSent);
        }
        catch
        {
            link.Dispose();
            throw;
        }

        cores = link.LocalHost is { } local ? new LocalCores(experiment, local, serverLock) : null;
        dispatcher = new Dispatcher(link, serverLock, experiment.Observer is not null, cores is null ? experiment.Traces : null);
        clock = (experiment.RunsInRealTime, experiment.Schedule) switch
        {
            (true, _) => new WallClock(dispatcher, workers, serverLock),
            (_, { } schedule) => new RecordedClock(schedule, dispatcher, workers, ComputeOne, link.Wake, Prefetch),
            _ => new VirtualClock(dispatcher, workers, ComputeOne, link.Wake, Prefetch),
        };
        records = new RunRecords(experiment, recorder, progress, link, clock, shape.PayloadBytes);
        evaluations = new Evaluations(experiment, recorder, progress);
        state = new TrainingState(server, workers, clock, consistencyState, evaluations);
        serving = new Thread(Serve) { IsBackground = true, Name = "server" };
        progress.WorkersChanged(experiment.Workers);
        progress.HostsChanged(cores is null ? 0 : 1);
    }

    /// <summary>Where worker hosts of other processes join; null where none can.</summary>
    public Meeting? Meeting => link.Meeting;

    /// <summary>
    /// Called when a worker host has joined, by whichever thread is the server then.
    /// </summary>
    public Action<HostTraffic>? HostJoined { get; init; }

    /// <summary>
    /// Called when a worker host has left, by whichever thread is the server then.
    /// </summary>
    public Action<HostTraffic>? HostLeft { get; init; }

    /// <summary>
    /// Takes up the state of an earlier process instead of beginning; call before
    /// <see cref="Run"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">The state is of another experiment.</exception>
    public void Restore(Stream stream)
    {
        events = state.Restore(stream);
        isResumed = true;
        progress.WorkersChanged(-workers.Left);
        progress.Continued(server.Version, server.Epoch);
    }

    /// <summary>
    /// Runs to the end; call once. When it is stopped it returns without waiting for gradients
    /// under way; with checkpoints it writes one, without waiting for evaluations either. Both are
    /// made again by the process that goes on.
    /// </summary>
    /// <param name="stop">Ends the run early, as interrupted.</param>
    /// <exception cref="WorkerFailedException">A worker's computation threw.</exception>
    /// <exception cref="EngineException">A plugin broke its contract.</exception>
    public Outcome Run(CancellationToken stop)
    {
        var started = WallTime.Now;
        using (stop.Register(Interrupt))
        {
            serving.Start();
            WaitHandle.WaitAny([served, stop.WaitHandle]);
            if (stop.IsCancellationRequested)
            {
                // The handle is set before the callbacks are called. Without this the server's
                // thread could take one more arrival beside the checkpoint that is being written.
                Interrupt();
            }

            AwaitServer();
            fault?.Throw();
            Conclude();
        }

        progress.Carried(link, long.MaxValue);
        return new Outcome(
            end!.Value, server.Version, clock.Now, server.Epoch, server.Vector.Span.ToArray(), workers.InFlightStaleness(server.Version),
            (double)clock.Waited / Math.Max(1, WallTime.Now - started), clock.Report())
        {
            Hosts = link.Traffic,
        };
    }

    /// <summary>
    /// Writes a checkpoint as of the last arrival, without waiting for a gradient; from any thread.
    /// Does nothing where no run is going on.
    /// </summary>
    public void WriteCheckpointNow()
    {
        serverLock.Enter();
        try
        {
            if (isServing && fault is null)
            {
                WriteCheckpoint();
            }
        }
        finally
        {
            serverLock.Exit();
        }
    }

    /// <summary>
    /// Ends the link and the compute threads. Gradients of an interrupted run that are still under
    /// way end in the background.
    /// </summary>
    public void Dispose()
    {
        link.Dispose();
        if (end == RunEnd.Interrupted)
        {
            new Thread(Free) { IsBackground = true, Name = "free" }.Start();
        }
        else
        {
            Free();
        }
    }

    // The loop. Begins with every worker released at version 0, or where an earlier process was.
    private void Serve()
    {
        serverLock.Enter();
        try
        {
            isServing = true;
            Begin();
            while (isServing && end is null && HandleNext())
            {
            }

            if (isServing && fault is null)
            {
                end ??= isInterrupted ? RunEnd.Interrupted : EndWithoutArrival();
            }
        }
        catch (Exception thrown)
        {
            fault ??= ExceptionDispatchInfo.Capture(thrown);
        }
        finally
        {
            isServing = false;
            served.Set();
            serverLock.Exit();
        }
    }

    private void Begin()
    {
        lastLook = (server.Version, server.Epoch);
        if (!isResumed)
        {
            evaluations.AtStart(server);
            experiment.Snapshots?.Take(server.Version, server.Vector.Span);
        }
        else if (experiment.Stop.IsReached(server))
        {
            end = RunEnd.Completed;
        }

        if (evaluations.CatchUp(server) && events == 0)
        {
            for (var worker = 0; worker < workers.Count; worker++)
            {
                if (experiment.Absent.Contains(worker))
                {
                    Leave(worker);
                }
                else
                {
                    Release(worker);
                }
            }
        }

        FinishStep();
    }

    // A method of its own: the runtime compiles it anew when it is called often, as it cannot do with
    // a loop that never ends.
    private bool HandleNext()
    {
        if (!clock.Next(experiment.Stop.Deadline, out var next))
        {
            return false;
        }

        Handle(next);
        return true;
    }

    private void Handle(in ServerEvent next)
    {
        switch (next.Kind)
        {
            case ServerEventKind.Arrived:
                Take(next.Push!);
                FinishStep();
                if (end is null && checkpoints?.IsDue(server.Version) == true)
                {
                    WriteCheckpoint();
                }

                break;
            case ServerEventKind.Withdrawn:
                Recycle(next.Push!);
                break;
            case ServerEventKind.Lost:
                records.Lost(next.Push!);
                break;
            default:
                ChangeHosts(next);
                break;
        }
    }

    // One arrival: the server's whole step.
    private void Take(InFlightPush push)
    {
        var (worker, number, version) = (push.Worker, ++events, server.Version);
        var staleness = version - push.Version;
        workers.End(push);
        workers[worker].LastStaleness = staleness;
        if (experiment.Observer is not null)
        {
            push.Times = push.Times with { Taken = WallTime.Now };
        }

        workers.KeepRuleState(push);
        Decide(push, version);
        CancelWork();
        if (experiment.OverlapPulls)
        {
            ReleaseWork();
        }

        var rate = server.LearningRate;
        var norms = decision.Disposition switch
        {
            Disposition.Apply when server.Held == 0 => server.Apply(push),
            Disposition.Apply => server.Hold(push) with { Update = server.ApplyHeld() },
            Disposition.Buffer => server.Hold(push),
            _ => server.Discard(push),
        };
        records.Arrived(push, number, version, decision.Disposition, rate, norms, server);
        if (!double.IsFinite(norms.Gradient) || (decision.Disposition == Disposition.Apply && !double.IsFinite(norms.Update)))
        {
            end = RunEnd.Diverged;
        }

        experiment.Schedule?.CheckArrival(push, number);
        dispatcher.Return(push, push.Times.PushSpan != 0 && experiment.Traces!.Takes(worker, push.Gradient, staleness));
        Recycle(push);
        AfterUpdate(version);
        if (!experiment.OverlapPulls)
        {
            ReleaseWork();
        }
    }

    // A loss that is not finite ends the run; nobody is asked.
    private void Decide(InFlightPush push, long version)
    {
        decision.Reset();
        if (!double.IsFinite(push.Loss))
        {
            end = RunEnd.Diverged;
            decision.Drop();
            return;
        }

        experiment.Consistency.Arrived(new Arrival(push.Worker, push.Gradient, push.Version, version), decision);
        if (!decision.IsMade)
        {
            throw Broken($"chose neither apply, buffer nor drop for worker {push.Worker}'s push {push.Gradient} at version {version}");
        }
    }

    // A pull: the worker is sent parameters, and computes.
    private void Release(int worker)
    {
        if ((uint)worker >= (uint)workers.Count || workers[worker].Push is not null)
        {
            throw Broken($"released worker {worker}, which {((uint)worker < (uint)workers.Count ? "is computing" : "does not exist")}");
        }

        ref var state = ref workers[worker];
        if (state.HasLeft || end is not null)
        {
            return;
        }

        if (experiment.Stop.Passes is { } passes && state.NextBatch >= passes * batches.BatchesPerPass(worker))
        {
            Leave(worker);
            return;
        }

        var push = workers.NewPush();
        (push.Worker, push.Batch, push.Gradient) = (worker, state.NextBatch, state.NextGradient++);
        state.NextBatch += shape.Batches;
        push.Samples = batches.Samples(worker, push.Batch, shape.Batches);
        (push.Version, push.LearningRate, push.PullEvent) = (server.Version, server.LearningRate, ++events);
        push.Sent = server.Send(worker, state.LastStaleness);
        if (experiment.Observer is not null)
        {
            push.Times = new PushTimes { Pulled = WallTime.Now };
        }

        workers.Begin(push);
        clock.Start(push, durations.Draw(worker, push.Gradient, push.Samples, shape.WireBytes, clock.Now));
    }

    private void Leave(int worker)
    {
        workers.Leave(worker);
        progress.WorkersChanged(-1);
    }

    private void ReleaseWork()
    {
        var released = decision.Released;
        for (var i = 0; i < released.Count; i++)
        {
            Release(released[i]);
        }
    }

    private void CancelWork()
    {
        var cancelled = decision.Cancelled;
        for (var i = 0; i < cancelled.Count; i++)
        {
            var push = workers[cancelled[i]].Push ?? throw Broken($"cancelled worker {cancelled[i]}, which computes nothing");
            workers.End(push);
            records.Cancelled(push, ++events, server);
            if (clock.Cancel(push))
            {
                Recycle(push);
            }
        }
    }

    // Does the run end here, is it time to evaluate?
    private void AfterUpdate(long versionBefore)
    {
        if (server.Version == versionBefore || end is not null)
        {
            return;
        }

        end = experiment.Stop.IsReached(server) ? RunEnd.Completed : null;
        evaluations.AfterUpdate(server, events, clock.EvaluatedAt(server.Version, events));
        var look = (server.Version, server.Epoch);
        if (experiment.SnapshotPlan?.IsDue(lastLook, look) == true)
        {
            experiment.Snapshots?.Take(server.Version, server.Vector.Span);
        }

        lastLook = look;
    }

    // Evaluations come first in the record. Then workers that have made their passes leave one by
    // one, each of which may complete an update and release others.
    private void FinishStep()
    {
        while (evaluations.CatchUp(server) && workers.Leaving.TryDequeue(out var worker))
        {
            var version = server.Version;
            decision.Reset();
            experiment.Consistency.Left(worker, decision);
            CancelWork();
            if (decision.AppliesBuffered && server.Held > 0 && end is null)
            {
                if (!double.IsFinite(server.ApplyHeld()))
                {
                    end = RunEnd.Diverged;
                }

                progress.Updated(server.Version, server.Epoch);
                AfterUpdate(version);
            }

            ReleaseWork();
        }
    }

    // With work in flight the deadline has come; without, every worker has made its passes.
    private RunEnd EndWithoutArrival()
    {
        experiment.Schedule?.CheckEnd(workers, server.Version);
        return workers.Computing > 0 || workers.Left == workers.Count
            ? RunEnd.Completed
            : throw Broken($"released nobody at version {server.Version}: no worker is computing, and no stop rule is reached");
    }

    // A combiner's part on the wall clock: all that is ready now.
    private void HandleWhatIsReady()
    {
        if (!isServing || end is not null || fault is not null)
        {
            return;
        }

        var wallClock = (WallClock)clock;
        try
        {
            while (end is null && wallClock.Ready(experiment.Stop.Deadline, out var next))
            {
                Handle(next);

                // The last one is for the thread that brought it.
                if (serverLock.HasSuccessor && wallClock.IsNearlyIdle)
                {
                    break;
                }
            }
        }
        catch (Exception thrown)
        {
            fault = ExceptionDispatchInfo.Capture(thrown);
        }

        if (end is not null || fault is not null)
        {
            clock.Interrupt();
        }

        wallClock.Recall(experiment.Stop.Deadline);
    }

    // From the thread that stops the run. The clock first: where an evaluation is given up, no
    // further arrival may be taken, or its parameters would be gone.
    private void Interrupt()
    {
        isInterrupted = true;
        clock.Interrupt();
        if (checkpoints is not null)
        {
            evaluations.Interrupt();
        }
    }

    // A server's thread that computes is not waited for: between two arrivals nothing is half done.
    private void AwaitServer()
    {
        serverLock.Enter();
        var computes = cores?.ServerComputes == true;
        if (computes)
        {
            (isServing, end) = (false, RunEnd.Interrupted);
        }

        serverLock.Exit();
        if (!computes)
        {
            serving.Join();
        }
    }

    // Where a later process can go on, an interrupted run leaves its evaluations to it: with the
    // last one missing it is not complete. No process goes on with one that diverged.
    private void Conclude()
    {
        var now = clock.EvaluatedAt(server.Version, events);
        if (end == RunEnd.Diverged)
        {
            evaluations.AtDivergence(server, events, now);
        }
        else if ((end != RunEnd.Interrupted || checkpoints is null) && !evaluations.AtEnd(server, events, now) && end == RunEnd.Completed)
        {
            end = RunEnd.Interrupted;
        }

        if (end == RunEnd.Interrupted && checkpoints is not null)
        {
            WriteCheckpoint();
            evaluations.AtInterruption(server, events, now);
        }
    }

    // What the state calls done must be in the record before its length is taken.
    private void WriteCheckpoint()
    {
        evaluations.Record();
        checkpoints?.Write(server.Version, stream => state.Save(stream, events));
    }

    private void ChangeHosts(in ServerEvent change)
    {
        records.HostChanged(change);
        var tell = change.Kind switch { ServerEventKind.HostJoined => HostJoined, ServerEventKind.HostLeft => HostLeft, _ => null };
        if (tell is not null)
        {
            var number = change.Host;
            tell(link.Traffic.First(host => host.Host == number));
        }
    }

    private void Recycle(InFlightPush push)
    {
        server.Drop(push.Sent);
        workers.Recycle(push);
    }

    private bool ComputeOne() => cores?.ComputeOne() == true;

    // What this thread will read for a worker when its push is handed out, computed and taken.
    private void Prefetch(int worker)
    {
        CacheLines.Fetch(ref workers[worker]);
        durations.Prefetch(worker);
        cores?.Prefetch(worker);
    }

    private LinkTerms Terms()
    {
        var length = experiment.Objective.Layout.Length + experiment.Objective.Layout.BufferLength;
        var slots = experiment.RunsInRealTime ? Math.Min(experiment.Workers, 256) + experiment.Cores : (4 * experiment.Cores) + 1;
        Action handle = HandleWhatIsReady;
        return new LinkTerms(length, length, shape.StateLength, slots)
        {
            Session = experiment.Session,
            Place = experiment.Place,
            ResultReady = experiment.RunsInRealTime ? isIdle => serverLock.Combine(isIdle, handle) : null,
        };
    }

    private EngineException Broken(string what) => new($"{experiment.Consistency.GetType().Name} {what}.");

    private void Free()
    {
        if ((serving.ThreadState & ThreadState.Unstarted) == 0)
        {
            serving.Join();
        }

        cores?.Dispose();
        evaluations.Dispose();
        server.Dispose();
        workers.Dispose();
        consistencyState.Dispose();
        served.Dispose();
    }
}

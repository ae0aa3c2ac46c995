using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// The algorithm. Worker: on what I am sent, take my next batch, compute, push it with the version I was given. Server: on an arrival, ask the
/// consistency model; correct, apply, count, record; release who may go on, sending parameters. One thread at a time owns all of this; the clock decides
/// in which order arrivals are taken, and nothing else.
/// </summary>
public sealed partial class Training : IDisposable
{
    private readonly Experiment experiment;
    private readonly IRecorder recorder;
    private readonly RunProgress progress;
    private readonly ICheckpoints? checkpoints;
    private readonly RandomStreams streams;
    private readonly ParameterServer server;
    private readonly BatchOrder batches;
    private readonly DurationSource durations;
    private readonly RuleState consistencyState;
    private readonly WorkerVectors? workerStates;
    private readonly WorkerRuleShape shape;
    private readonly IServerEnd link;
    private readonly WorkerHost? host;
    private readonly ComputeCore? ownCore;
    private readonly HostPlan? ownPlan;
    private readonly HostWork ownWork = new();
    private readonly Clock clock;
    private readonly WallClock? wallClock;
    private readonly Dispatcher dispatcher;
    private readonly Evaluations evaluations;
    private readonly Decision decision = new();
    private readonly Stack<InFlightPush> spare = [];

    // By worker.
    private readonly WorkerState[] states;

    private long events;
    private int working;
    private RunEnd? end;

    /// <param name="experiment">What to run. Its plugin instances must be fresh: they keep state.</param>
    /// <param name="recorder">Takes every record.</param>
    /// <param name="progress">Told where the run is.</param>
    /// <param name="checkpoints">Asked after each arrival whether to write a checkpoint; null writes none.</param>
    public Training(Experiment experiment, IRecorder recorder, RunProgress progress, ICheckpoints? checkpoints = null)
    {
        (this.experiment, this.recorder, this.progress, this.checkpoints) = (experiment, recorder, progress, checkpoints);
        var workers = experiment.Workers;
        streams = experiment.Streams;
        batches = new BatchOrder(experiment.Partitions, workers, experiment.BatchSize, streams);
        durations = new DurationSource(experiment.Schedule is null ? experiment.Delays : NoDelays, workers, streams);
        shape = WorkerRuleShape.Of(experiment);
        workerStates = shape.StateLength > 0 ? new WorkerVectors(shape.StateLength, workers) : null;
        states = new WorkerState[workers];
        consistencyState = new RuleState(0, workers);
        experiment.Consistency.Attach(workers, consistencyState);
        var onWall = experiment.RunsInRealTime;
        var slots = onWall ? Math.Min(workers, 256) + experiment.Cores : (4 * experiment.Cores) + 1;
        var length = experiment.Objective.Layout.Length + experiment.Objective.Layout.BufferLength;
        link = experiment.Transport.Listen(new LinkTerms(length, length, shape.StateLength, slots)
        {
            Session = experiment.Session,
            Place = experiment.Place,
            ResultReady = onWall ? TakeTurn : null,
        });
        try
        {
            server = new ParameterServer(experiment, streams, link.CreateSent);
        }
        catch
        {
            link.Dispose();
            throw;
        }

        var plan = new HostPlan(experiment);
        dispatcher = new Dispatcher(link) { CameBack = Free, HostChanged = RecordHost, IsTimed = experiment.Observer is not null, Traces = link.LocalHost is null ? experiment.Traces : null };
        if (link.LocalHost is { } local)
        {
            // Off the wall clock the server's thread computes while it waits, so it is one of the cores.
            progress.HostsChanged(1);
            host = new WorkerHost(plan, local, onWall ? experiment.Cores : experiment.Cores - 1);
            (ownCore, ownPlan) = onWall ? (null, null) : (new ComputeCore(plan), plan);
        }

        clock = (onWall, experiment.Schedule) switch
        {
            (true, _) => wallClock = new WallClock(workers, dispatcher, StateOf, turn),
            (_, { } schedule) => new RecordedClock(schedule, workers, dispatcher, StateOf, ComputeOne, link.Wake, Prefetch),
            _ => new VirtualClock(workers, dispatcher, StateOf, ComputeOne, link.Wake, Prefetch),
        };
        dispatcher.Lost += RecordLoss;
        evaluations = new Evaluations(experiment, recorder, progress);
        progress.WorkersChanged(workers);
    }

    /// <summary>Where worker hosts of other processes join; null where none can.</summary>
    public Meeting? Meeting => link.Meeting;

    /// <summary>Called when a worker host has left, by whichever thread is the server then.</summary>
    public Action<HostTraffic>? HostLeft { get; init; }

    /// <summary>Runs to the end; call once.</summary>
    /// <param name="stop">Ends the run early, as interrupted.</param>
    /// <exception cref="WorkerFailedException">A worker's computation threw.</exception>
    /// <exception cref="EngineException">A plugin broke its contract.</exception>
    public Outcome Run(CancellationToken stop)
    {
        using var registration = stop.Register(clock.Interrupt);
        var started = WallTime.Now;
        lock (turn)
        {
            deadline = experiment.Stop.Seconds is { } seconds ? (long)Math.Min(seconds * 1e9, long.MaxValue / 2) : long.MaxValue;
            hasBegun = true;
            try
            {
                if (!resumed)
                {
                    Begin();
                }

                while (end is null && clock.Next(deadline) is { } flight)
                {
                    Step(flight);
                }

                fault?.Throw();
                end ??= stop.IsCancellationRequested ? RunEnd.Interrupted : EndWithoutArrival();
            }
            finally
            {
                isOver = true;
            }
        }

        if (end == RunEnd.Interrupted && checkpoints is not null)
        {
            WriteCheckpoint();
        }

        evaluations.AtEnd(server, events, clock.EvaluatedAt(server.Version, events));
        progress.Carried(link, long.MaxValue);
        return new Outcome(
            end.Value, server.Version, clock.Now, server.Epoch, server.Vector.Span.ToArray(), InFlightStaleness(),
            (double)clock.Waited / Math.Max(1, WallTime.Now - started), clock.Report())
        {
            Hosts = link.Traffic,
        };
    }

    private void Begin()
    {
        evaluations.AtStart(server);
        for (var worker = 0; worker < experiment.Workers; worker++)
        {
            Release(worker);
        }

        SettleDepartures();
    }

    public void Dispose()
    {
        host?.Dispose();
        link.Dispose();
        ownCore?.Dispose();
        evaluations.Dispose();
        server.Dispose();
        workerStates?.Dispose();
        consistencyState.Dispose();
    }

    // One arrival: the server's whole step.
    private void Take(InFlightPush flight)
    {
        var (worker, gradient, number, version) = (flight.Worker, flight.Gradient, ++events, server.Version);
        states[worker].InFlightPush = null;
        working--;
        states[worker].LastStaleness = version - flight.Version;
        if (experiment.Observer is not null)
        {
            flight.Times = flight.Times with { Taken = WallTime.Now };
        }

        KeepState(flight);
        decision.Reset();
        if (!double.IsFinite(flight.Loss))
        {
            end = RunEnd.Diverged;
            decision.Drop();
        }
        else
        {
            experiment.Consistency.Arrived(new Arrival(worker, flight.Gradient, flight.Version, version), decision);
            if (!decision.IsMade)
            {
                throw new EngineException($"{experiment.Consistency.GetType().Name} chose neither apply, buffer nor drop for worker {worker}'s push {flight.Gradient} at version {version}.");
            }
        }

        CancelWork();
        if (experiment.OverlapPulls)
        {
            ReleaseWork();
        }

        var rate = server.LearningRate;
        var norms = decision.Disposition switch
        {
            Disposition.Apply when server.Held == 0 => server.Apply(flight),
            Disposition.Apply => server.Hold(flight) with { Update = server.ApplyHeld() },
            Disposition.Buffer => server.Hold(flight),
            _ => server.Discard(flight),
        };
        Record(flight, number, version, rate, norms);
        if (!double.IsFinite(norms.Gradient) || (decision.Disposition == Disposition.Apply && !double.IsFinite(norms.Update)))
        {
            end = RunEnd.Diverged;
        }

        dispatcher.Return(flight, flight.Times.PushSpan != 0 && experiment.Traces!.Takes(worker, flight.Gradient, version - flight.Version));
        Free(flight);
        Settle(version);
        if (!experiment.OverlapPulls)
        {
            ReleaseWork();
        }

        if (experiment.Schedule is { } schedule)
        {
            CheckOrder(schedule, worker, gradient, number);
        }
    }

    private void Release(int worker)
    {
        if ((uint)worker >= (uint)states.Length || states[worker].InFlightPush is not null)
        {
            throw new EngineException($"{experiment.Consistency.GetType().Name} released worker {worker}, which {(worker < 0 || worker >= states.Length ? "does not exist" : "is computing")}.");
        }

        if (states[worker].Left || end is not null)
        {
            return;
        }

        var batch = states[worker].NextBatch;
        if (experiment.Stop.Passes is { } passes && batch >= passes * batches.BatchesPerPass(worker))
        {
            states[worker].Left = true;
            departures.Enqueue(worker);
            progress.WorkersChanged(-1);
            return;
        }

        var flight = spare.TryPop(out var free) ? free : new InFlightPush();
        (flight.Worker, flight.Batch, flight.Gradient) = (worker, batch, states[worker].NextGradient++);
        states[worker].NextBatch += shape.Batches;
        flight.Samples = 0;
        for (var i = 0; i < shape.Batches; i++)
        {
            flight.Samples += batches.Samples(worker, batch + i);
        }

        (flight.Version, flight.LearningRate, flight.PullEvent) = (server.Version, server.LearningRate, ++events);
        flight.Sent = server.Send(worker, states[worker].LastStaleness);
        if (experiment.Observer is not null)
        {
            flight.Times = new PushTimes { Pulled = WallTime.Now };
        }

        states[worker].InFlightPush = flight;
        working++;
        clock.Start(flight, durations.Draw(worker, flight.Gradient, flight.Samples, shape.WireBytes));
    }

    // After an update: does the run end here, is it time to evaluate?
    private void Settle(long versionBefore)
    {
        if (server.Version == versionBefore || end is not null)
        {
            return;
        }

        var stop = experiment.Stop;
        if (server.Version >= stop.Updates || server.Samples >= stop.Samples || server.Epoch >= stop.Epochs)
        {
            end = RunEnd.Completed;
        }

        evaluations.AfterUpdate(server, events, clock.EvaluatedAt(server.Version, events));
    }

    // The server keeps a worker's state as of its last push, so that a cancelled or lost gradient leaves no trace.
    private void KeepState(InFlightPush flight)
    {
        if (workerStates is not null)
        {
            flight.Result!.Span[^shape.StateLength..].CopyTo(workerStates[flight.Worker].Span);
        }
    }

    private NativeVector? StateOf(int worker) => workerStates?[worker];

    // What this thread will read for a worker when its push is handed out, computed and taken.
    private void Prefetch(int worker)
    {
        CacheLines.Fetch(ref states[worker]);
        durations.Prefetch(worker);
        ownPlan?.Prefetch(worker);
    }

    private bool ComputeOne()
    {
        if (ownCore is null || !link.LocalHost!.Take(ownWork, wait: false))
        {
            return false;
        }

        WorkerHost.Compute(ownCore, link.LocalHost, ownWork);
        return true;
    }

    // Only when no host holds it any more: until then what was sent must stay as it is.
    private void Free(InFlightPush flight)
    {
        server.Drop(flight.Sent);
        flight.Cancelled = false;
        flight.Sent = null!;
        spare.Push(flight);
    }

    // With work in flight the deadline has come; without, every worker has made its passes.
    private RunEnd EndWithoutArrival()
    {
        if (experiment.Schedule is { } schedule)
        {
            CheckEnd(schedule);
        }

        return working > 0 || Array.TrueForAll(states, state => state.Left)
            ? RunEnd.Completed
            : throw new EngineException($"{experiment.Consistency.GetType().Name} released nobody at version {server.Version}: no worker is computing, and no stop rule is reached.");
    }

    private long InFlightStaleness()
    {
        var sum = 0L;
        foreach (ref readonly var state in states.AsSpan())
        {
            var flight = state.InFlightPush;
            sum += flight is null ? 0 : server.Version - flight.Version;
        }

        return sum;
    }
}

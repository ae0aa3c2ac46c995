using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>All that the engine runs: plugin instances and numbers, already validated.</summary>
public sealed record Experiment
{
    public required long Seed { get; init; }

    /// <summary>
    /// Seeds of some named streams that are not <see cref="Seed"/>; null where there are none.
    /// </summary>
    public IReadOnlyDictionary<string, long>? StreamSeeds { get; init; }

    /// <summary>The run's random streams.</summary>
    public RandomStreams Streams => new(Seed, StreamSeeds);

    public required ClockKind Clock { get; init; }

    public required IObjective Objective { get; init; }

    public required ILoadedDataset Data { get; init; }

    /// <summary>
    /// Samples that were kept from <see cref="Data"/>'s training samples to be evaluated on; null
    /// for none.
    /// </summary>
    public ISamples? Validation { get; init; }

    public required DatasetShape Shape { get; init; }

    /// <summary>One list of training rows per worker, or one for all.</summary>
    public required IReadOnlyList<ReadOnlyMemory<int>> Partitions { get; init; }

    public required int Workers { get; init; }

    /// <summary>Workers that never pull, and whose partitions nobody trains on.</summary>
    public IReadOnlyList<int> Absent { get; init; } = [];

    /// <summary>No larger than the largest partition: buffers are as long.</summary>
    public required int BatchSize { get; init; }

    public required UpdateRule Update { get; init; }

    public required IConsistency Consistency { get; init; }

    public required ITransport Transport { get; init; }

    /// <summary>Makes one instance per compute core; null for plain gradients.</summary>
    public Func<IWorkerRule>? WorkerRule { get; init; }

    public required WorkerDelays Delays { get; init; }

    /// <summary>
    /// Whether a worker released by its own arrival is sent parameters without the push that it
    /// brought.
    /// </summary>
    public bool OverlapPulls { get; init; }

    /// <summary>
    /// Another run's schedule to follow; null for the clock's own. With it the delays are not
    /// drawn.
    /// </summary>
    public RecordedSchedule? Schedule { get; init; }

    /// <summary>
    /// Whether time passes by itself: on the wall clock, where no recorded schedule is followed.
    /// </summary>
    internal bool RunsInRealTime => Clock == ClockKind.Wall && Schedule is null;

    public required StopRule Stop { get; init; }

    public required EvaluationPlan Evaluation { get; init; }

    /// <summary>Whether more is evaluated than the test samples.</summary>
    public bool EvaluatesMoreSets => Evaluation.Train || Validation is not null;

    /// <summary>Compute cores to use, at least 1. Changes no result on the virtual clock.</summary>
    public required int Cores { get; init; }

    /// <summary>What worker hosts of other processes are told, and must match.</summary>
    public SessionDescription Session { get; init; } = SessionDescription.None;

    /// <summary>Where they find the server.</summary>
    public MeetingPlace Place { get; init; } = MeetingPlace.Private;

    /// <summary>When parameters are kept beside the record; null for never.</summary>
    public SnapshotPlan? SnapshotPlan { get; init; }

    /// <summary>Who keeps them; null where nobody does.</summary>
    public ISnapshots? Snapshots { get; init; }

    /// <summary>Told what the recorder is told; changes no result.</summary>
    public IRunObserver? Observer { get; init; }

    /// <summary>
    /// Begins the spans of work that goes to other processes, and says which are wanted; null where
    /// nothing is traced.
    /// </summary>
    public IPullTraces? Traces { get; init; }
}

/// <summary>What the server does with a push.</summary>
/// <param name="Optimizer">The update rule.</param>
/// <param name="Corrections">Applied in this order to each push.</param>
/// <param name="Schedules">Their factors multiply.</param>
/// <param name="LearningRate">Base learning rate, above 0.</param>
/// <param name="WeightDecay">Coefficient of the parameters added to each push, at least 0.</param>
public sealed record UpdateRule(
    IOptimizer Optimizer, IReadOnlyList<ICorrection> Corrections, IReadOnlyList<ISchedule> Schedules, double LearningRate, double WeightDecay);

/// <summary>Delay models: those of most workers, and those of some.</summary>
/// <param name="Usual">For every worker without an entry in <paramref name="Special"/>.</param>
/// <param name="Special">By worker.</param>
public sealed record WorkerDelays(DelaySet Usual, IReadOnlyDictionary<int, DelaySet> Special);

/// <summary>One worker's delay models; null where there is none.</summary>
/// <param name="Compute">Compute time; required on the virtual clock, a floor on the wall
/// clock.</param>
/// <param name="Added">Added after the computation.</param>
/// <param name="Network">Time on the wire.</param>
public sealed record DelaySet(IDelay? Compute, IDelay? Added, IDelay? Network);

/// <summary>When a run ends; the first that is reached counts, and at least one is given.</summary>
/// <param name="Epochs">Samples of applied pushes / training samples.</param>
/// <param name="Passes">Passes of each worker over its own partition; a worker that has made them
/// leaves.</param>
/// <param name="Updates">Updates.</param>
/// <param name="Samples">Samples of applied pushes.</param>
/// <param name="Seconds">Seconds of the run's clock.</param>
public sealed record StopRule(double? Epochs = null, int? Passes = null, long? Updates = null, long? Samples = null, double? Seconds = null)
{
    /// <summary>Clock time after which nothing arrives, ns.</summary>
    internal long Deadline => Seconds is { } seconds ? (long)Math.Round(Math.Min(seconds * 1e9, long.MaxValue / 2)) : long.MaxValue;

    /// <summary>Whether the updates made so far are enough.</summary>
    internal bool IsReached(ParameterServer server) => server.Version >= Updates || server.Samples >= Samples || server.Epoch >= Epochs;
}

/// <summary>
/// When the parameters are evaluated: at the first update at or past each mark, and always at the
/// end.
/// </summary>
/// <param name="EveryEpochs">Distance between marks, in epochs.</param>
/// <param name="EveryUpdates">Distance between marks, in updates.</param>
/// <param name="EverySeconds">Distance between marks, in seconds of the run's clock.</param>
/// <param name="AtStart">Whether version 0 is evaluated too.</param>
/// <param name="Train">Whether the training samples are evaluated too.</param>
/// <param name="PerClass">Whether it is counted what the samples of each class are taken
/// for.</param>
public sealed record EvaluationPlan(
    double? EveryEpochs = null, long? EveryUpdates = null, double? EverySeconds = null, bool AtStart = true, bool Train = false, bool PerClass = false);

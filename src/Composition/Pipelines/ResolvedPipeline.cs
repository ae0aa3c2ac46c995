using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// A pipeline, checked, with every default filled in. The parameters are the document's keys: binding, the JSON schema and the reference are
/// derived from them.
/// </summary>
public sealed record ResolvedPipeline(
    [Section(PluginKind.Dataset)][Description("Training and test samples.")] PluginSection Dataset,
    [Section(PluginKind.Model)][Description("The model and its loss.")] PluginSection Model,
    [Section(PluginKind.Optimizer)][Description("The server's update rule, its learning rate, schedules and corrections.")] OptimizerSettings Optimizer,
    [Description("When the run ends; the first limit that is reached counts.")] StopSettings Stop,
    [Description("1 to 64 of a-z, 0-9, dash, dot and underscore; the file's name when it is not given.")] string Name = "",
    [Description("Every random number of the run follows from it.")][Range(0.0, 9.2e18)] long Seed = 1,
    [Section(PluginKind.Partitioner, "split-dataset")][Description("Which worker gets which training samples.")] PluginSection? Partitioner = null,
    [Section(PluginKind.Consistency, "asynchronous")][Description("What happens to an arriving push, and which workers go on.")] PluginSection? Consistency = null,
    [Section(PluginKind.Transport, "in-process")][Description("How work and results travel between server and worker hosts.")] PluginSection? Transport = null,
    [Description("virtual: delays are drawn, not slept, and the result is exact; wall: real time.")] ClockKind Clock = ClockKind.Virtual,
    [EmptyByDefault][Description("The workers, their batches and their delays.")] WorkerSettings? Workers = null,
    [EmptyByDefault][Description("When the server's parameters are tested.")] EvaluationSettings? Evaluation = null,
    [Description("A run folder whose recorded schedule is this run's timeline, relative to this file: the same pulls and arrivals at the same times; delays are not drawn.")] string? Schedule = null,
    [Description("Seeds of some named random streams that are not the run's seed: a factor of an experiment, such as other delays for the same batches.")] StreamSettings? Streams = null)
{
    /// <summary>Never null: a pipeline that loaded has its defaults.</summary>
    public PluginSection Partitioner { get; } = Partitioner!;

    /// <inheritdoc cref="Partitioner"/>
    public PluginSection Consistency { get; } = Consistency!;

    /// <inheritdoc cref="Partitioner"/>
    public PluginSection Transport { get; } = Transport!;

    public WorkerSettings Workers { get; } = Workers!;

    public EvaluationSettings Evaluation { get; } = Evaluation!;

    /// <summary>The resolved document for people: every default filled in, in the order of the file.</summary>
    public string Json { get; internal init; } = "";

    /// <summary>The resolved document for machines: sorted keys, shortest numbers, without <c>telemetry</c>, which changes no result.</summary>
    public string CanonicalJson { get; internal init; } = "";

    /// <summary>The first 12 hexadecimal digits of the SHA-256 of <see cref="CanonicalJson"/>.</summary>
    public string Id { get; internal init; } = "";

    /// <summary>Where <see cref="Schedule"/> was written; null without the key.</summary>
    public Origin? ScheduleOrigin { get; internal init; }

    /// <summary>How the run is exported; null without the key <c>telemetry</c>.</summary>
    public TelemetrySettings? Telemetry { get; internal init; }
}

/// <summary>The optimizer and what every optimizer section has.</summary>
public sealed record OptimizerSettings(
    PluginSection Rule,
    [Description("Base learning rate.")][Range(0.0, 1e6, MinimumIsExclusive = true)] double LearningRate,
    [Description("Added to the gradient as this times the parameters.")][Range(0.0, 1e6)] double WeightDecay = 0,
    [Section(PluginKind.Schedule)][EmptyByDefault][Description("Factors of the learning rate over the epochs; several multiply.")] IReadOnlyList<PluginSection>? Schedules = null,
    [Section(PluginKind.Correction)][EmptyByDefault][Description("Changes to an arriving gradient for its staleness, in this order.")] IReadOnlyList<PluginSection>? Corrections = null)
{
    public IReadOnlyList<PluginSection> Schedules { get; } = Schedules ?? [];

    public IReadOnlyList<PluginSection> Corrections { get; } = Corrections ?? [];
}

/// <summary>Limits of a run; at least one is given.</summary>
public sealed record StopSettings(
    [Description("Samples of applied pushes / training samples.")][Range(0.0, 1e9, MinimumIsExclusive = true)] double? Epochs = null,
    [Description("Passes of each worker over its own partition.")][Range(1, 1_000_000_000)] int? Passes = null,
    [Description("Updates of the parameters.")][Range(1.0, 1e18)] long? Updates = null,
    [Description("Samples of applied pushes.")][Range(1.0, 1e18)] long? Samples = null,
    [Description("Seconds of the pipeline's clock.")][Range(0.0, 9e9, MinimumIsExclusive = true)] double? Seconds = null);

/// <summary>Marks at which the server's parameters are tested, each at the first update at or past it; and once at the end.</summary>
public sealed record EvaluationSettings(
    [Description("Epochs between two evaluations; 1 when no other mark is given.")][Range(0.0, 1e9, MinimumIsExclusive = true)] double? EveryEpochs = null,
    [Description("Updates between two evaluations.")][Range(1.0, 1e18)] long? EveryUpdates = null,
    [Description("Seconds of the pipeline's clock between two evaluations.")][Range(0.0, 9e9, MinimumIsExclusive = true)] double? EverySeconds = null,
    [Description("Whether the initial parameters are tested too.")] bool AtStart = true);

using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Numerics;

namespace Orchestrator.Runs;

/// <summary>
/// Turns a checked pipeline into what the engine runs: fresh plugin instances, loaded data,
/// partitions.
/// </summary>
public static class ExperimentBuilder
{
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="folders">Where data lies.</param>
    /// <param name="cores">Compute cores.</param>
    /// <param name="shared">Data that runs of this process share; null reads it for this one
    /// alone.</param>
    /// <exception cref="DataException">The data cannot be read, or changed meanwhile.</exception>
    /// <exception cref="RunRefusedException">The data cannot be dealt to the workers.</exception>
    public static Experiment Build(ResolvedPipeline pipeline, DataFolders folders, int cores, LoadedData? shared = null)
    {
        var (data, shape) = shared?.Of(pipeline.Dataset, folders) ?? LoadedData.Read(pipeline.Dataset, folders);
        var workers = pipeline.Workers;
        var streams = pipeline.Streams?.Seeds;
        var sets = pipeline.Evaluation.Sets;
        var held = sets?.Validation is { } validation ? new HeldOut(data, shape, validation, new RandomStreams(pipeline.Seed, streams)) : null;
        (data, shape) = held is null ? (data, shape) : (held, shape with { TrainCount = held.Train.Count });
        var partitions = Partitions(pipeline, data, shape);
        return new Experiment
        {
            Seed = pipeline.Seed,
            StreamSeeds = streams,
            Clock = pipeline.Clock,
            Data = data,
            Validation = held?.Validation,
            Shape = shape,
            Objective = Objective(pipeline, shape),
            Partitions = partitions,
            Workers = workers.Count,
            Absent = workers.AbsentWorkers,
            BatchSize = Math.Min(workers.BatchSize, partitions.Max(partition => partition.Length)),
            Update = new UpdateRule(
                pipeline.Optimizer.Rule.Create<IOptimizer>(),
                [.. pipeline.Optimizer.Corrections.Select(c => c.Create<ICorrection>())],
                [.. pipeline.Optimizer.Schedules.Select(s => s.Create<ISchedule>())],
                pipeline.Optimizer.LearningRate,
                pipeline.Optimizer.WeightDecay),
            Consistency = pipeline.Consistency.Create<IConsistency>(),
            Transport = pipeline.Transport.Create<ITransport>(),
            WorkerRule = workers.Rule is { } rule ? rule.Create<IWorkerRule> : null,
            Delays = Delays(workers),
            OverlapPulls = workers.OverlapPulls,
            Stop = new StopRule(pipeline.Stop.Epochs, pipeline.Stop.Passes, pipeline.Stop.Updates, pipeline.Stop.Samples, pipeline.Stop.Seconds),
            Evaluation = new EvaluationPlan(
                pipeline.Evaluation.EveryEpochs, pipeline.Evaluation.EveryUpdates, pipeline.Evaluation.EverySeconds, pipeline.Evaluation.AtStart, sets?.Train ?? false, pipeline.Evaluation.PerClass ?? false),
            SnapshotPlan = pipeline.Snapshots is { } kept ? new SnapshotPlan(kept.EveryEpochs, kept.EveryUpdates) : null,
            Cores = cores,
        };
    }

    /// <summary>
    /// The model for data of a shape, with the parameters that the pipeline starts from.
    /// </summary>
    internal static IObjective Objective(ResolvedPipeline pipeline, DatasetShape shape) =>
        pipeline.Initial is { } initial ? new InitialParameters(pipeline.Model.Build(shape), initial.From) : pipeline.Model.Build(shape);

    // What a partitioner refuses only now depends on labels, which no check has read.
    private static IReadOnlyList<ReadOnlyMemory<int>> Partitions(ResolvedPipeline pipeline, ILoadedDataset data, DatasetShape shape)
    {
        try
        {
            return pipeline.Partitioner.Create<IPartitioner>().Partition(
                data.Train, shape, pipeline.Workers.Count, new RandomStreams(pipeline.Seed, pipeline.Streams?.Seeds).Open("partition"));
        }
        catch (OptionException refused)
        {
            throw RunRefusedException.Of([pipeline.Partitioner.MistakeOf(refused)]);
        }
    }

    private static WorkerDelays Delays(WorkerSettings workers)
    {
        var made = new Dictionary<PluginSection, IDelay>();
        var special = new Dictionary<int, DelaySet>();
        foreach (var worker in workers.Overrides.SelectMany(o => o.Workers))
        {
            special[worker] = new DelaySet(Of(workers.ComputeOf(worker)), Of(workers.DelayOf(worker)), Of(workers.NetworkOf(worker)));
        }

        return new WorkerDelays(new DelaySet(Of(workers.Compute), Of(workers.Delay), Of(workers.Network)), special);

        IDelay? Of(PluginSection? section)
        {
            if (section is null)
            {
                return null;
            }

            if (!made.TryGetValue(section, out var delay))
            {
                made.Add(section, delay = section.Create<IDelay>());
            }

            return delay;
        }
    }
}

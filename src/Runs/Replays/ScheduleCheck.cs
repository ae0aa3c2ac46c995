using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// A pipeline that names a recorded schedule fits it: everything that the order of pulls and
/// arrivals, or the number of a batch, depends on is what it was.
/// </summary>
internal static class ScheduleCheck
{
    /// <summary>All mistakes; none where the schedule fits.</summary>
    public static IReadOnlyList<Mistake> Run(ResolvedPipeline pipeline, PluginCatalog catalog, DataFolders data)
    {
        if ((pipeline.Schedule!.Length == 0 ? null : RunReader.Read(pipeline.Schedule)) is not { } run)
        {
            return [Wrong(pipeline, $"'{pipeline.Schedule}' is no run folder (.../NAME/ID-ATTEMPT with a run.json)")];
        }

        if (run.Document is null || run.Status == RunStatus.Running)
        {
            return [Wrong(pipeline, run.Problem ?? $"'{run.Folder}' is still running; its schedule is not whole")];
        }

        var then = Pipeline.Load(Resumption.PipelineOf(run), catalog, new PipelineRequest(data) { MemoryLimit = long.MaxValue });
        return then.Pipeline is { } recorded
            ? [.. recorded.Workers.AbsentWorkers.Except(pipeline.Workers.AbsentWorkers).Select(worker =>
                Wrong(pipeline, $"worker {worker} was absent from {run.Name}/{run.Id}-{run.Attempt}, so that its schedule has no times for it; add it to workers.absent")),
                .. Differences(recorded, pipeline).Select(d => Wrong(pipeline, $"{run.Name}/{run.Id}-{run.Attempt} was recorded with {d.What} {d.Then}, and this pipeline has {d.Now}; a schedule fits only where they are the same"))]
            : [.. then.Mistakes.Select(m => Wrong(pipeline, $"the recorded run's own pipeline cannot be loaded: {m}"))];
    }

    private static IEnumerable<(string What, string Then, string Now)> Differences(ResolvedPipeline then, ResolvedPipeline now) =>
        Values(then).Zip(Values(now)).Where(pair => pair.First.Value != pair.Second.Value).Select(pair => (pair.First.What, pair.First.Value, pair.Second.Value));

    private static IEnumerable<(string What, string Value)> Values(ResolvedPipeline pipeline)
    {
        yield return ("clock", pipeline.Clock.ToString().ToLowerInvariant());
        yield return ("dataset", pipeline.Dataset.Json);
        yield return ("partitioner", pipeline.Partitioner.Json);
        yield return ("consistency", pipeline.Consistency.Json);
        yield return ("workers.count", Number(pipeline.Workers.Count));
        yield return ("workers.batchSize", Number(pipeline.Workers.BatchSize));
        yield return ("workers.overlapPulls", pipeline.Workers.OverlapPulls ? "true" : "false");
        yield return ("batches per push (workers.rule)", Number(pipeline.Workers.Rule?.Create<IWorkerRule>().Batches ?? 1));
        yield return ("stop.passes", pipeline.Stop.Passes is { } passes ? Number(passes) : "none");
        if (pipeline.Stop.Passes is not null)
        {
            var validation = pipeline.Evaluation.Sets?.Validation;
            yield return ("seed of the stream partition (which deals the passes)", SeedOf(pipeline, "partition"));
            yield return ("evaluation.sets.validation", validation switch
            {
                null => "none",
                { Share: { } share } => $"a share of {share.ToString(CultureInfo.InvariantCulture)}",
                _ => $"fold {Number(validation.Fold!.Value)} of {Number(validation.Folds!.Value)}",
            });
            yield return ("seed of the stream validation", validation is null ? "none" : SeedOf(pipeline, "validation"));
        }
    }

    private static string SeedOf(ResolvedPipeline pipeline, string stream) =>
        (pipeline.Streams?.Seeds.TryGetValue(stream, out var own) == true ? own : pipeline.Seed).ToString(CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static Mistake Wrong(ResolvedPipeline pipeline, string message) => new(pipeline.ScheduleOrigin?.ToString() ?? "", "schedule", message);
}

using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// Trains a recorded run again without some of its workers, as run folders of a folder of their
/// own, where the next who asks finds them.
/// </summary>
/// <param name="run">The recorded run; it is only read.</param>
/// <param name="catalog">Where its plugins are.</param>
/// <param name="options">Everything else.</param>
/// <param name="kept">The folder of all runs that were trained again.</param>
public sealed class Counterfactuals(RunEntry run, PluginCatalog catalog, RunOptions options, string kept) : ICounterfactuals
{
    /// <summary>Where a folder of runs keeps what was trained again; it is no run's name.</summary>
    /// <param name="output">The folder of all runs.</param>
    public static string FolderIn(string output) => Path.Combine(output, ".counterfactuals");

    /// <inheritdoc/>
    public TrainedAgain Without(IReadOnlyList<int> workers, CancellationToken stop)
    {
        try
        {
            return Train(workers, stop);
        }
        catch (Exception refused) when (refused is RunRefusedException or DataException or OptionException or PluginException or RecorderException)
        {
            return new(null, refused.Message);
        }
    }

    private TrainedAgain Train(IReadOnlyList<int> workers, CancellationToken stop)
    {
        if (run.Status is not (RunStatus.Completed or RunStatus.Diverged))
        {
            return new(null, $"{run.Folder}: it is {run.Status.ToString().ToLowerInvariant()}, and its record has no end to compare with.");
        }

        var recorded = Load([]).OrThrow();
        int[] absent = [.. recorded.Workers.AbsentWorkers.Union(workers).Order()];
        var pipeline = Counterfactual.Pipeline(
            run, recorded, absent.Length == 0 ? [] : [$"workers.absent=[{string.Join(',', absent)}]"], Load, changed => ScheduleCheck.Run(changed, catalog, options.Data));
        if ((Find(pipeline) ?? New(pipeline, stop)) is not { Document: { } document } again)
        {
            throw new OperationCanceledException(stop);
        }

        return document.Status is RunStatus.Completed or RunStatus.Diverged
            ? new(RecordedRun.Open(again), null)
            : new(null, $"{again.Folder}: it {document.Status.ToString().ToLowerInvariant()}: {document.Message}");
    }

    // One that ended in order, of this schedule and data, made by what would make it now.
    private RunEntry? Find(ResolvedPipeline pipeline)
    {
        var candidates = RunReader.Under(Path.Combine(kept, pipeline.Name)).Where(entry => entry.Id == pipeline.Id && entry.Document?.Digest is not null).ToList();
        if (candidates.Count == 0)
        {
            return null;
        }

        RunSchedules.Read(run.Folder, pipeline.Workers.Count, [], out var schedule);
        var now = run.Document!.Run with
        {
            ProgramVersion = RunSession.ProgramVersion,
            Program = Provenance.Program,
            Plugins = Provenance.PluginsOf(pipeline),
            KernelPath = ExperimentBuilder.Objective(pipeline, pipeline.Dataset.Create<IDataset>().Describe(options.Data)).KernelPath,
        };
        return candidates.FindLast(entry => entry.Document!.Run is var then && then.Schedule?.Digest == schedule
            && then.DatasetFingerprint == now.DatasetFingerprint && Provenance.FileChange(entry.Document, pipeline) is null && then.ProgramVersion == now.ProgramVersion && then.KernelPath == now.KernelPath
            && !Provenance.ProgramChanges(then, now).Any() && !Provenance.PluginChanges(then.Plugins, now.Plugins).Any());
    }

    private RunEntry? New(ResolvedPipeline pipeline, CancellationToken stop)
    {
        var summary = new RunSession(pipeline, options).Start(kept, stop);
        return summary.Status == RunStatus.Interrupted ? null : RunReader.Read(summary.Folder);
    }

    private PipelineResult Load(IReadOnlyList<string> sets) =>
        Pipeline.Load(Resumption.PipelineOf(run), catalog, new PipelineRequest(options.Data) { Cores = options.Cores, Sets = sets });
}

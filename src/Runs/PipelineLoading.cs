using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Runs;

/// <summary>
/// Loads a pipeline for a command, and says everything that is wrong with it, or with plugins that
/// it names.
/// </summary>
public static class PipelineLoading
{
    public static PipelineResult Load(string file, string[] sets, PluginCatalog catalog, DataFolders data, int cores) =>
        Check(Pipeline.Load(file, catalog, new PipelineRequest(data) { Sets = sets, Cores = cores }), catalog, data);

    /// <summary>The one pipeline of a template without a sweep.</summary>
    /// <param name="template">The template; null where there is nothing to go on with.</param>
    /// <param name="found">What was wrong with it.</param>
    /// <param name="catalog">The plugins.</param>
    /// <param name="data">Where data lies.</param>
    public static PipelineResult Load(PipelineTemplate? template, IReadOnlyList<Mistake> found, PluginCatalog catalog, DataFolders data)
    {
        if (template is null)
        {
            return new PipelineResult(null, found);
        }

        var result = template.Resolve([]);
        return Check(found.Count == 0 ? result : result with { Pipeline = null, Mistakes = [.. found, .. result.Mistakes] }, catalog, data);
    }

    private static PipelineResult Check(PipelineResult result, PluginCatalog catalog, DataFolders data)
    {
        IReadOnlyList<Mistake> mistakes =
        [
            .. result.Pipeline is { Schedule: not null } pipeline ? ScheduleCheck.Run(pipeline, catalog, data) : [],
            .. result.Pipeline is { Initial: not null } started ? InitialMistakes(started, data) : [],
        ];
        return mistakes.Count == 0 ? result : result with { Pipeline = null, Mistakes = [.. result.Mistakes, .. mistakes] };
    }

    private static IEnumerable<Mistake> InitialMistakes(ResolvedPipeline pipeline, DataFolders data)
    {
        var objective = ExperimentBuilder.Objective(pipeline, pipeline.Dataset.Create<IDataset>().Describe(data));
        return objective is InitialParameters start && start.Mistake() is { } mistake ? [new Mistake(pipeline.InitialOrigin?.ToString() ?? "", "initial.from", mistake)] : [];
    }

    /// <summary>
    /// The pipeline of a run that a worker host joins. What the run needs beyond its gradients is
    /// the server's matter.
    /// </summary>
    /// <param name="document">Its pipeline, JSON.</param>
    /// <param name="catalog">The plugins.</param>
    /// <param name="data">Where data lies.</param>
    /// <param name="cores">Compute threads.</param>
    public static PipelineResult Parse(string document, PluginCatalog catalog, DataFolders data, int cores)
    {
        var request = new PipelineRequest(data) { Cores = cores, MemoryLimit = long.MaxValue };
        var template = PipelineTemplate.Thaw(document, "the run's pipeline", catalog, request, out var mistakes);
        return template is null || mistakes.Count > 0 ? new PipelineResult(null, mistakes) : template.Resolve([]);
    }

    /// <summary>The pipeline, or all its mistakes at once.</summary>
    /// <exception cref="RunRefusedException">There are mistakes.</exception>
    public static ResolvedPipeline OrThrow(this PipelineResult result) => result is { Pipeline: { } pipeline, Mistakes.Count: 0 }
        ? pipeline
        : throw RunRefusedException.Of(result.Mistakes);
}

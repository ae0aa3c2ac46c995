using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// Runs a recorded run again, on either clock: the same pulls and arrivals in the same order on the
/// same batches.
/// </summary>
/// <param name="run">The recorded run; it has ended.</param>
/// <param name="catalog">Where its plugins are.</param>
/// <param name="options">Everything else. Telemetry and worker hosts are not used for <see
/// cref="Verify"/>.</param>
public sealed class Replay(RunEntry run, PluginCatalog catalog, RunOptions options)
{
    /// <summary>The run that a user names.</summary>
    /// <exception cref="RunRefusedException">There is none, it is still running, or its folder is
    /// damaged.</exception>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="query">The run's id, the beginning of it, id-attempt, or its folder.</param>
    public static RunEntry Find(string output, string query)
    {
        if (!RunSearch.TryFind(output, query, out var run, out var problem))
        {
            throw new RunRefusedException(problem);
        }

        if (run.Document is null)
        {
            throw new RunRefusedException(run.Problem ?? $"{run.Folder}: it has no run.json.");
        }

        return run.Status == RunStatus.Running ? throw new RunRefusedException($"{run.Folder}: it is running.") : run;
    }

    /// <summary>Runs it exactly, and compares every record.</summary>
    /// <param name="stop">Ends it early; the report says so.</param>
    /// <exception cref="RunRefusedException">It cannot be run again: data or plugins are not what
    /// they were.</exception>
    public ReplayReport Verify(CancellationToken stop = default) =>
        new Verification(run, Load([]).OrThrow(), OwnTransport.Create(catalog), options).Run(stop);

    /// <summary>
    /// Another rule on the recorded schedule: a new run, beside the recorded one.
    /// </summary>
    /// <param name="sets">What changes, each <c>path=value</c>.</param>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="stop">Ends the new run early, as interrupted.</param>
    /// <exception cref="RunRefusedException">Something else would change, or the changed pipeline
    /// has mistakes.</exception>
    public CounterfactualReport Change(IReadOnlyList<string> sets, string output, CancellationToken stop = default)
    {
        options.StartUp?.PluginsRead();
        var changed = Counterfactual.Pipeline(run, Load([]).OrThrow(), sets, Load, pipeline => ScheduleCheck.Run(pipeline, catalog, options.Data));
        options.StartUp?.PipelineChecked();
        var report = new RunSession(changed, options).Start(output, stop);
        return new CounterfactualReport(
            report,
            RunReader.Summarize(run, [])!,
            RunComparison.Of(run.Folder, report.Folder),
            Counterfactual.Warnings(run, RunReader.Read(report.Folder)!));
    }

    // The recorded run's pipeline. A schedule that it follows is not looked for: it is in the run's
    // own log too.
    private PipelineResult Load(IReadOnlyList<string> sets) =>
        Pipeline.Load(Resumption.PipelineOf(run), catalog, new PipelineRequest(options.Data) { Cores = options.Cores, Sets = sets });
}

/// <summary>A counterfactual beside the run whose schedule it follows.</summary>
/// <param name="Run">How it ended.</param>
/// <param name="Before">The recorded run's summary.</param>
/// <param name="Comparison">Where they differ.</param>
/// <param name="Warnings">Why bits may differ for another reason than what was changed.</param>
public sealed record CounterfactualReport(RunSummary Run, RunSummary Before, RunComparison Comparison, IReadOnlyList<string> Warnings);

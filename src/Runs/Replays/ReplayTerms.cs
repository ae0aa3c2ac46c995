using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>Whether a recorded run can be run again here.</summary>
public static class ReplayTerms
{
    /// <summary>The run that a user names.</summary>
    /// <exception cref="RunRefusedException">There is none, it is still running, or its folder is damaged.</exception>
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

    /// <summary>Refuses another experiment; other programs and kernels may give other bits, which is worth a warning.</summary>
    /// <returns>Why bits may differ.</returns>
    /// <exception cref="RunRefusedException">The pipeline or the data is not what it was.</exception>
    public static List<string> Check(RunEntry run, ResolvedPipeline pipeline, RunDescription now)
    {
        var then = run.Document!.Run;
        var refusals = Differences(("the pipeline's id", run.Id, pipeline.Id), ("the data's fingerprint", then.DatasetFingerprint, now.DatasetFingerprint));
        return refusals.Count > 0
            ? throw new RunRefusedException($"{run.Folder}: this is another experiment: {string.Join("; ", refusals)}.")
            : [.. Differences(("the program's version", then.ProgramVersion, now.ProgramVersion), ("the kernel path", then.KernelPath, now.KernelPath))
                .Select(difference => $"{difference}: bits may differ")];
    }

    private static List<string> Differences(params (string What, string Before, string After)[] values) =>
        [.. values.Where(v => v.Before != v.After).Select(v => $"{v.What} was {v.Before} and is {v.After}")];
}

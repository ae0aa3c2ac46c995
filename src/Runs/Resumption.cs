using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>Finds a run to go on with, and makes sure that going on would be exact.</summary>
public static class Resumption
{
    /// <summary>
    /// The run that <c>--resume</c> names; null where a pipeline is given instead.
    /// </summary>
    /// <exception cref="RunRefusedException">Neither or both are given, the run is not there, or it
    /// cannot go on.</exception>
    public static RunEntry? Find(string? file, string? query, bool isChanged, string output)
    {
        if (query is null)
        {
            return file is null ? throw new RunRefusedException("a pipeline is missing: run FILE, or run --resume ID.") : null;
        }

        if (file is not null || isChanged)
        {
            throw new RunRefusedException("--resume goes on with a run as it was: neither a pipeline nor --set, --axis, --where or --seeds can be given with it.");
        }

        if (!RunSearch.TryFind(output, query, out var run, out var problem))
        {
            throw new RunRefusedException(problem);
        }

        return run.Status switch
        {
            RunStatus.Running => throw new RunRefusedException($"{run.Folder}: it is running."),
            RunStatus.Interrupted or RunStatus.Failed => run,
            var status => throw new RunRefusedException($"{run.Folder}: it is {status.ToString().ToLowerInvariant()}; there is nothing to go on with."),
        };
    }

    /// <summary>The resolved pipeline that was saved with a run.</summary>
    public static string PipelineOf(RunEntry run) => Path.Combine(run.Folder, "pipeline.json");

    /// <summary>
    /// Refuses to go on where the result could differ from that of an uninterrupted run.
    /// </summary>
    /// <exception cref="RunRefusedException">Program, kernels, data or plugins are not what they
    /// were.</exception>
    public static void Check(RunEntry run, ResolvedPipeline pipeline, RunDescription now, IRunConsole console)
    {
        var then = run.Document?.Run ?? throw new RunRefusedException(run.Problem ?? $"{run.Folder}: it has no run.json.");
        var differences = new List<string>();
        Compare("the pipeline's id", run.Document.Id, pipeline.Id);
        Compare("the program's version", then.ProgramVersion, now.ProgramVersion);
        differences.AddRange(KernelPathChange.Of(then.KernelPath, now.KernelPath) is { } kernels ? [kernels] : []);
        Compare("the data's fingerprint", then.DatasetFingerprint, now.DatasetFingerprint);
        if (Provenance.FileChange(run.Document, pipeline) is { } file)
        {
            differences.Add(file);
        }

        Compare("the digest of the schedule that it follows", then.Schedule?.Digest ?? "none", now.Schedule?.Digest ?? "none");
        differences.AddRange(Provenance.ProgramChanges(then, now));
        differences.AddRange(Provenance.PluginChanges(then.Plugins, now.Plugins));
        if (differences.Count > 0)
        {
            throw new RunRefusedException($"{run.Folder}: going on would not give the same result: {string.Join("; ", differences)}.");
        }

        foreach (var note in Provenance.Notes(then, now))
        {
            console.Note(note);
        }

        void Compare(string what, string before, string after)
        {
            if (before != after)
            {
                differences.Add($"{what} was {before} and is {after}");
            }
        }
    }
}

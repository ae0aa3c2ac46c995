using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>Whether a recorded run can be run again here.</summary>
internal static class ReplayTerms
{
    /// <summary>
    /// Refuses another experiment; other programs, plugins and kernels may give other bits, which
    /// is worth a warning.
    /// </summary>
    /// <exception cref="RunRefusedException">The pipeline or the data is not what it
    /// was.</exception>
    public static ReplayGrounds Check(RunEntry run, ResolvedPipeline pipeline, RunDescription now)
    {
        var then = run.Document!.Run;
        var refusals = Differences(("the pipeline's id", run.Document.Id, pipeline.Id), ("the data's fingerprint", then.DatasetFingerprint, now.DatasetFingerprint));

        // A wall-clock run is replayed on its record, in which the durations stand: the file may be
        // one that they were drawn from.
        var file = Provenance.FileChange(run.Document, pipeline, isReplayed: true);
        if (file is not null && then.IsVirtual)
        {
            refusals.Add(file);
        }

        if (refusals.Count > 0)
        {
            // A plugin that has changed may have other options, or make other data.
            throw new RunRefusedException($"{run.Folder}: this is another experiment: {string.Join("; ", refusals.Concat(Provenance.PluginChanges(then.Plugins, now.Plugins)))}.");
        }

        var program = Differences(("the program's version", then.ProgramVersion, now.ProgramVersion));
        if (file is not null)
        {
            program.Add(file);
        }

        if (KernelPathChange.Of(then.KernelPath, now.KernelPath) is { } kernels)
        {
            program.Add(kernels);
        }

        return new ReplayGrounds(
            [.. program.Concat(Provenance.ProgramChanges(then, now)).Select(change => $"{change}: bits may differ")],
            [.. Provenance.PluginChanges(then.Plugins, now.Plugins)],
            [.. Provenance.Notes(then, now)]);
    }

    private static List<string> Differences(params (string What, string Before, string After)[] values) =>
        [.. values.Where(v => v.Before != v.After).Select(v => $"{v.What} was {v.Before} and is {v.After}")];
}

/// <summary>What a replay stands on.</summary>
/// <param name="Doubts">Why bits may differ although the experiment is the same.</param>
/// <param name="ChangedPlugins">Parts of the experiment that are not what they were; what is found
/// then says nothing certain about the recorded run.</param>
/// <param name="Notes">What else is worth a line.</param>
public sealed record ReplayGrounds(IReadOnlyList<string> Doubts, IReadOnlyList<string> ChangedPlugins, IReadOnlyList<string> Notes)
{
    /// <summary>All that is to be warned of.</summary>
    public IReadOnlyList<string> Warnings => [.. Doubts, .. ChangedPlugins.Select(change => $"{change}: what is found says nothing certain of the recorded run")];
}

using System.Security.Cryptography;
using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>Makes completions of run folders.</summary>
internal static class Completion
{
    private const int BuildDigits = 16;

    /// <summary>
    /// The build that would make a pipeline's run now: a hash of what the program and its plugins
    /// compute.
    /// </summary>
    public static string BuildOf(ResolvedPipeline pipeline) => BuildOf(Provenance.Program, Provenance.PluginsOf(pipeline));

    /// <summary>
    /// What a finished run came to; null where it has not completed, was made by something that
    /// cannot be told, or of files that held something else.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="entry">Its folder.</param>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="claim">Which claim completed it; 0 for none.</param>
    public static CompletedRun? Of(PlannedRun run, RunEntry? entry, string output, int claim)
    {
        if (entry is not { Status: RunStatus.Completed or RunStatus.Diverged, Document: { Summary: { } summary, Run: { Program: not null, Plugins: not null } made } document })
        {
            return null;
        }

        if (made.Content is { } content && content != run.Pipeline.ContentHash)
        {
            return null;
        }

        return new CompletedRun
        {
            Key = run.Key,
            Cell = run.Cell.Key,
            Seed = run.Levels.Seed,
            Streams = run.Levels.StreamText,
            Status = entry.Status == RunStatus.Completed ? "completed" : CompletedRun.Diverged,
            Digest = document.Digest,
            IsVirtual = made.IsVirtual,
            Build = BuildOf(made.Program, made.Plugins),
            KernelPath = made.KernelPath,
            Data = made.DatasetFingerprint,
            TestAccuracy = summary.TestAccuracy,
            TestLoss = summary.TestLoss,
            ValidationAccuracy = summary.ValidationAccuracy,
            ValidationLoss = summary.ValidationLoss,
            NoConvergence = summary.NoConvergence,
            Updates = summary.Updates,
            Staleness = summary.Staleness.Mean,
            VirtualSeconds = summary.VirtualSeconds,
            WallSeconds = summary.WallSeconds,
            Folder = Path.GetRelativePath(output, entry.Folder).Replace('\\', '/'),
            Claim = claim,
        };
    }

    /// <summary>
    /// Whether a run folder holds what the run's key stands for: on this machine the data may be
    /// others.
    /// </summary>
    public static bool IsOf(PlannedRun run, CompletedRun completed) =>
        SweepKeys.OfRun(SweepKeys.OfCell(run.Cell.Pipeline, completed.Data), run.Levels.Seed, run.Streams) == run.Key;

    // A transport carries results and makes none.
    private static string BuildOf(IReadOnlyList<RecordedAssembly> program, IReadOnlyList<RecordedPlugin> plugins)
    {
        var lines = program.Select(assembly => $"{assembly.Assembly} {assembly.Code}")
            .Concat(plugins.Where(plugin => plugin.Kind != PluginKind.Transport.Name).Select(plugin => $"{plugin.Kind} {plugin.Name} {plugin.Code}"))
            .Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..BuildDigits];
    }
}

using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>
/// The evaluations of completed runs, which do not change: each run's are read once, as long as
/// they are few.
/// </summary>
/// <param name="output">The folder of all runs.</param>
internal sealed class RunCurves(string output)
{
    // Some tens of megabytes.
    private const int MostKept = 500_000;

    private readonly Dictionary<string, IReadOnlyList<EvaluationRecord>> kept = new(StringComparer.Ordinal);
    private int count;

    /// <summary>Null where the run's folder is gone.</summary>
    public IReadOnlyList<EvaluationRecord>? Of(CompletedRun run)
    {
        if (kept.TryGetValue(run.Key, out var known))
        {
            return known;
        }

        var folder = Path.Combine(output, run.Folder);
        if (run.Folder.Length == 0 || !Directory.Exists(folder))
        {
            return null;
        }

        using var rows = RunRows.Evaluations(folder);
        List<EvaluationRecord> read = [.. rows.ReadAll()];
        if (count + read.Count <= MostKept)
        {
            kept[run.Key] = read;
            count += read.Count;
        }

        return read;
    }
}

using System.Collections.Concurrent;

namespace Orchestrator.Sweeps;

/// <summary>
/// What runs came to: completions under a folder of runs, and rows of a ledger. What is final is
/// read once. Safe from several threads.
/// </summary>
/// <param name="claims">Where claims and completions lie.</param>
/// <param name="ledger">Completed runs whose folders may be gone, by key.</param>
/// <param name="ignored">Keys of runs whose completions do not count; null for none.</param>
public sealed class SweepStore(string claims, IReadOnlyDictionary<string, CompletedRun> ledger, IReadOnlySet<string>? ignored = null) : ISweepResults
{
    private readonly ConcurrentDictionary<string, CompletedRun> completed = [];
    private readonly ConcurrentDictionary<(string, double), RungResult> marks = [];

    public CompletedRun? Completed(string key)
    {
        if (completed.TryGetValue(key, out var known))
        {
            return known;
        }

        var run = ignored?.Contains(key) == true ? null : new ClaimFolder(Path.Combine(claims, key)).ReadDone() ?? ledger.GetValueOrDefault(key);
        return run is null ? null : completed.GetOrAdd(key, run);
    }

    public bool HasFailed(string key) => new ClaimFolder(Path.Combine(claims, key)).Read().State == ClaimState.Failed;

    public RungResult? AtMark(string key, double epoch)
    {
        if (marks.TryGetValue((key, epoch), out var known))
        {
            return known;
        }

        var rung = new ClaimFolder(Path.Combine(claims, key)).ReadRung(epoch) ?? (Completed(key) is { Folder.Length: > 0 } run ? OfFolder(run, epoch) : null);
        return rung is null ? null : marks.GetOrAdd((key, epoch), rung);
    }

    private RungResult? OfFolder(CompletedRun run, double epoch)
    {
        var folder = Path.Combine(Path.GetDirectoryName(claims)!, run.Folder);
        return Directory.Exists(folder) ? Rungs.Read(run.Key, folder, epoch, run.End) : null;
    }
}

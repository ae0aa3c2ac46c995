using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>A run that nobody needs.</summary>
/// <param name="Run">Which.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record UnneededRun(RunEntry Run, string Reason);

/// <summary>
/// Finds runs that nobody needs: attempts that another attempt at the same completed instead, and
/// completed ones that another one equals. What is cited, tagged, noted or running, or cannot be
/// read, is never among them.
/// </summary>
public static class Garbage
{
    /// <summary>The runs that nobody needs, the oldest first.</summary>
    /// <param name="runs">All runs under the folder.</param>
    /// <param name="citations">Who rests on them.</param>
    public static IReadOnlyList<UnneededRun> Find(IReadOnlyList<RunEntry> runs, Citations citations)
    {
        var kept = runs.Where(run => run.Status == RunStatus.Running || run.Problem is not null || citations.Why(run) is not null || IsAnnotated(run)).Select(run => run.Folder).ToHashSet();
        var unneeded = new List<UnneededRun>();
        foreach (var same in runs.GroupBy(run => (run.Name, run.Id)))
        {
            var completed = same.Where(run => run.Status is RunStatus.Completed or RunStatus.Diverged).OrderByDescending(run => kept.Contains(run.Folder)).ThenBy(run => run.Attempt).ToList();
            foreach (var run in same.Where(run => !kept.Contains(run.Folder)))
            {
                if (Reason(run, completed, citations) is { } reason)
                {
                    unneeded.Add(new UnneededRun(run, reason));
                }
            }
        }

        return [.. unneeded.OrderBy(run => run.Run.Started).ThenBy(run => run.Run.Folder, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Folders that interrupted commands have left: removals, and verifications of sweeps but for
    /// those at work, and those whose run came to another digest.
    /// </summary>
    public static IReadOnlyList<string> Leftovers(string output)
    {
        var claims = SweepFolder.ClaimsOf(output);
        var verified = Directory.Exists(claims) ? Directory.EnumerateDirectories(claims, SweepVerification.Prefix + "*").Where(folder => !IsNeeded(folder)) : [];
        var removed = Directory.Exists(output) ? Directory.EnumerateDirectories(Path.GetFullPath(output)).SelectMany(name => Directory.EnumerateDirectories(name, RunRemoval.Prefix + "*")) : [];
        return [.. verified.Concat(removed).Order(StringComparer.Ordinal)];
    }

    // What came to the same digest is removed by whoever ran it.
    private static bool IsNeeded(string verification) => RunReader.List(verification).Runs.Any(run => run.Status is RunStatus.Running or RunStatus.Completed or RunStatus.Diverged);

    private static string? Reason(RunEntry run, List<RunEntry> completed, Citations citations)
    {
        if (citations.CompletedInstead(run) is { } instead && instead.Folder.Length > 0)
        {
            return run.Status is not (RunStatus.Completed or RunStatus.Diverged)
                ? $"{instead.Folder} was completed instead"
                : instead.Digest == run.Document?.Digest ? $"{instead.Folder} has the same digest and counts" : null;
        }

        if (run.Status is RunStatus.Interrupted or RunStatus.Failed)
        {
            return completed.FirstOrDefault() is { } other ? $"attempt {other.Attempt} completed" : null;
        }

        return run.Document is { Digest: { } digest, Run.IsVirtual: true } && completed.FirstOrDefault(other => other.Document?.Digest == digest) is { } first && first.Folder != run.Folder
            ? $"attempt {first.Attempt} has the same digest"
            : null;
    }

    private static bool IsAnnotated(RunEntry run) => RunNotes.Read(run.Folder, out var problem) is not { Tags.Count: 0, Note: null } || problem is not null;
}

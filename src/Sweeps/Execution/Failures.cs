using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>Runs that have failed.</summary>
public static class Failures
{
    /// <summary>
    /// Lets failed runs of a sweep be run again: all, or those that failed with another build of
    /// program or plugins than they would be run with now. Who wrote a claim before builds stood in
    /// it is not judged.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="all">Whether failures with the present build are forgiven too.</param>
    /// <returns>How many.</returns>
    public static int Forgive(SweepPlan plan, SweepFolder folder, ISweepResults results, bool all)
    {
        var forgiven = Forgivable(plan, folder, results, all);
        foreach (var run in forgiven)
        {
            var claims = new ClaimFolder(Path.Combine(folder.Claims, run.Key));
            claims.Forgive(claims.Read().Last);
        }

        return forgiven.Count;
    }

    /// <summary>Results as they will be once failures are forgiven, which stay what they are.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="all">Whether failures with the present build are forgiven too.</param>
    public static ISweepResults Forgiven(SweepPlan plan, SweepFolder folder, ISweepResults results, bool all) =>
        new ForgivenResults(results, Forgivable(plan, folder, results, all).Select(run => run.Key).ToHashSet(StringComparer.Ordinal));

    private static List<PlannedRun> Forgivable(SweepPlan plan, SweepFolder folder, ISweepResults results, bool all)
    {
        var builds = new Builds(folder.Claims);
        return [.. new Agenda(plan).Look(results).Failed.Where(run =>
        {
            var claims = new ClaimFolder(Path.Combine(folder.Claims, run.Key));
            return all || (claims.Build(claims.Read().Last) is { } build && build != builds.Now(run.Cell));
        })];
    }

    /// <summary>Why a run has failed; null where it has not.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="run">The run.</param>
    public static string? Reason(SweepFolder folder, PlannedRun run)
    {
        var found = new ClaimFolder(Path.Combine(folder.Claims, run.Key)).Read();
        return found.State != ClaimState.Failed ? null : found.End switch
        {
            { How: AttemptEnd.Failed, Message: { } message } => message,
            { How: AttemptEnd.Crashed, Message: var message } => $"its processes died of it{(message is null ? "" : ": " + message)}",
            { How: AttemptEnd.Killed } => "its processes were killed too often",
            _ => "it failed",
        };
    }
}

internal sealed class ForgivenResults(ISweepResults results, IReadOnlySet<string> forgiven) : ISweepResults
{
    public CompletedRun? Completed(string key) => results.Completed(key);

    public bool HasFailed(string key) => !forgiven.Contains(key) && results.HasFailed(key);

    public RungResult? AtMark(string key, double epoch) => results.AtMark(key, epoch);
}

/// <summary>Runs that were completed more than once.</summary>
public static class SecondCompletions
{
    /// <summary>Those whose completions differ, each in a sentence; there should be none.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="state">Its runs.</param>
    public static IEnumerable<string> Different(SweepFolder folder, AgendaState state)
    {
        foreach (var run in state.Known.Select(wanted => wanted.Run).DistinctBy(run => run.Key))
        {
            var claims = new ClaimFolder(Path.Combine(folder.Claims, run.Key));
            var others = claims.ReadSeconds().Where(second => !second.IsSame).Select(second => second.Run);
            foreach (var other in others.Concat(Untold(run, claims, folder)).DistinctBy(other => other.Folder))
            {
                yield return $"{run}: a second completion has another digest, {other.Digest} ({other.Folder}); the first counts.";
            }
        }
    }

    // Whoever was taken for dead may have completed all the same, and been killed before it could
    // say so.
    private static IEnumerable<CompletedRun> Untold(PlannedRun run, ClaimFolder claims, SweepFolder folder)
    {
        if (!claims.HasClaim(2) || claims.ReadDone() is not { IsVirtual: true } done)
        {
            return [];
        }

        return Enumerable.Range(1, claims.Read().Last).Select(number => (Number: number, Path: claims.ReadAttempt(number)))
            .Where(attempt => attempt.Path is not null && attempt.Path != done.Folder)
            .Select(attempt => Completion.Of(run, RunReader.Read(Path.Combine(folder.Output, attempt.Path!)), folder.Output, attempt.Number)).OfType<CompletedRun>()
            .Where(other => other.Build == done.Build && other.Digest != done.Digest);
    }
}

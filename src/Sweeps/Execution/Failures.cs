using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>Runs that have failed.</summary>
public static class Failures
{
    /// <summary>Lets failed runs of a sweep be run again.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    /// <returns>How many.</returns>
    public static int Forgive(SweepPlan plan, SweepFolder folder, ISweepResults results) => Forgive(plan, folder, results, (_, _) => true);

    /// <summary>
    /// Lets runs be run again that failed with another build of program or plugins than they would
    /// be run with now; who wrote a claim before builds stood in it is not judged.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    /// <returns>How many.</returns>
    public static int ForgiveOtherBuilds(SweepPlan plan, SweepFolder folder, ISweepResults results)
    {
        var builds = new Builds(folder.Claims);
        return Forgive(plan, folder, results, (run, build) => build is not null && build != builds.Now(run.Cell));
    }

    private static int Forgive(SweepPlan plan, SweepFolder folder, ISweepResults results, Func<PlannedRun, string?, bool> which)
    {
        var forgiven = 0;
        foreach (var run in new Agenda(plan).Look(results).Failed)
        {
            var claims = new ClaimFolder(Path.Combine(folder.Claims, run.Key));
            var last = claims.Read().Last;
            if (which(run, claims.Build(last)))
            {
                claims.Forgive(last);
                forgiven++;
            }
        }

        return forgiven;
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

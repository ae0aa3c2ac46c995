namespace Orchestrator.Sweeps;

/// <summary>Runs that have failed.</summary>
public static class Failures
{
    /// <summary>Lets failed runs of a sweep be run again.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    /// <returns>How many.</returns>
    public static int Forgive(SweepPlan plan, SweepFolder folder, ISweepResults results)
    {
        var failed = new Agenda(plan).Look(results).Failed;
        foreach (var run in failed)
        {
            var claims = new ClaimFolder(Path.Combine(folder.Claims, run.Key));
            claims.Forgive(claims.Read().Last);
        }

        return failed.Count;
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
    public static IEnumerable<string> Different(SweepFolder folder, AgendaState state) =>
        from wanted in state.Known.DistinctBy(wanted => wanted.Run.Key)
        from second in new ClaimFolder(Path.Combine(folder.Claims, wanted.Run.Key)).ReadSeconds()
        where !second.IsSame
        select $"{wanted.Run}: a second completion has another digest, {second.Run.Digest} ({second.Run.Folder}); the first counts.";
}

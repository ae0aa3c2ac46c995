namespace Orchestrator.Sweeps;

/// <summary>
/// Where a sweep is: what is done, what has failed, and who runs what now. Looking changes nothing.
/// </summary>
public sealed record SweepStatus
{
    /// <summary>What is known of its runs.</summary>
    public required AgendaState State { get; init; }

    /// <summary>Cells of the plan.</summary>
    public required int Cells { get; init; }

    /// <summary>Cells whose known runs are all completed.</summary>
    public required int CellsDone { get; init; }

    /// <summary>Cells with a run that has failed.</summary>
    public required int CellsFailed { get; init; }

    /// <summary>Cells with a run that somebody has.</summary>
    public required int CellsRunning { get; init; }

    /// <summary>Runs that are known by now.</summary>
    public int Runs => State.Known.Count;

    /// <summary>Of those, the ones that are completed, or have reached their mark.</summary>
    public int RunsDone => State.Known.Count - State.Wanted.Count - State.Failed.Count;

    /// <summary>Who has which run.</summary>
    public required IReadOnlyList<RunningRun> Running { get; init; }

    /// <summary>Looks at a sweep.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    public static SweepStatus Of(SweepPlan plan, SweepFolder folder, ISweepResults results)
    {
        var state = new Agenda(plan).Look(results);
        List<RunningRun> running = [.. state.Wanted.Select(wanted => RunningRun.Of(wanted, folder)).OfType<RunningRun>()];
        return new SweepStatus
        {
            State = state,
            Cells = plan.Cells.Count,
            CellsDone = state.Known.GroupBy(wanted => wanted.Run.Cell.Index).Count(cell => cell.All(wanted => results.Completed(wanted.Run.Key) is not null)),
            CellsFailed = state.Failed.DistinctBy(run => run.Cell.Index).Count(),
            CellsRunning = running.DistinctBy(run => run.Run.Cell.Index).Count(),
            Running = running,
        };
    }
}

/// <summary>A run that somebody has.</summary>
/// <param name="Run">Which.</param>
/// <param name="Claim">The claim's number.</param>
/// <param name="Machine">Where its process is.</param>
/// <param name="Process">The process's number.</param>
/// <param name="IsGone">Whether that process has certainly ended: the next sweeper takes the run
/// over at once.</param>
/// <param name="Folder">The run's folder, relative to that of all runs, with forward slashes; null
/// where it is not made yet.</param>
public sealed record RunningRun(PlannedRun Run, int Claim, string Machine, int Process, bool IsGone, string? Folder)
{
    internal static RunningRun? Of(WantedRun wanted, SweepFolder folder)
    {
        var claims = new ClaimFolder(Path.Combine(folder.Claims, wanted.Run.Key));
        var found = claims.Read();
        return found.State == ClaimState.Claimed && claims.Owner(found.Last) is { } owner
            ? new RunningRun(wanted.Run, found.Last, owner.Machine, owner.Process, owner.IsGone(), claims.ReadAttempt(found.Last))
            : null;
    }
}
